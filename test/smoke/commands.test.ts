import { afterAll, beforeAll, expect, test } from 'vitest';
import { said, startProgram, wordsIn, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

let program: Program;
let incident: Declared;
beforeAll(async () => {
  program = await startProgram();
  program.world.workspace.addUser({ id: 'U0STRANGER', name: 'stranger' });
});
afterAll(() => program.stop());

const dr = (who: string, text: string, channel?: string) => program.dr(who, text, channel);
const here = (who: string, text: string) => program.dr(who, text, incident.channel);

test('says that no incident is open, and how to declare one', async () => {
  for (const verb of [
    'status',
    'ack',
    'update x',
    'severity P1',
    'note x',
    'resolve x',
    'close',
    'timeline',
    'recover api',
  ])
    expect((await dr('ana', verb)).text, verb).toMatch(/^:no_entry: No incident is .*\n:point_right: Declare one with/);
  expect((await dr('ana', 'list')).text).toMatch(/^No incident is open/);
});

test('answers a typo with the nearest verb, and nothing at all with help', async () => {
  expect((await dr('ana', 'statsu')).text).toMatch(/There is no command `statsu`.*\n.*did you mean `status`/i);
  expect((await dr('ana', 'aprove')).text).toMatch(/did you mean `approve`/i);
  expect((await dr('ana', '')).text).toContain('*Recovery*');
});

test('help lists every command and explains one', async () => {
  const all = (await dr('stranger', 'help')).text;
  const verbs =
    'declare ack update severity note resolve close plan recover run approve deny pause resume retry skip abort role page oncall contacts who status list incident timeline deliveries estate help';
  for (const verb of verbs.split(' ')) expect(all, verb).toContain(`\`${verb}`);
  expect((await dr('ana', 'help new')).text).toMatch(/declare.*\n[\s\S]*Also: `new`/);
  expect((await dr('ana', 'help recove')).text).toMatch(/did you mean `recover`/i);
});

test('shows people, contacts, duties and the estate to anybody', async () => {
  expect(said(await dr('stranger', 'contacts'))).toMatch(/Ben Okoro|U01BEN/);
  expect(said(await dr('stranger', 'who network'))).toMatch(/Network unreachable/);
  expect((await dr('ana', 'who')).text).toMatch(/problem is missing.*\n.*Backup restore fails/);
  expect((await dr('ana', 'who nothing like it')).text).toMatch(/no problem like "nothing like it"/);
  expect(said(await dr('ana', 'oncall'))).toMatch(/U01ANA/);
  expect((await dr('ana', 'oncall databse')).text).toMatch(/no role `databse`.*\n.*did you mean `database`/i);
  expect(said(await dr('ana', 'estate'))).toMatch(/api/);
});

test('refuses what cannot be declared, and says the fix', async () => {
  expect((await dr('ana', `declare P1 ${'x '.repeat(6_001)}x`)).text).toMatch(/12,003 characters.*\n.*At most 12,000/);
  expect((await dr('ana', 'declare P7 Gateway is down')).text).toMatch(/`P7` is no severity.*\n.*`P0` Critical/);
  expect((await dr('ana', 'declare P1 service:api')).text).toMatch(/title is empty/);
  expect((await dr('ana', 'declare P1 \u0007 \u200b\u2060')).text).toMatch(/title is empty/);
  expect(await program.rows('select 1 from incident where id <> 0')).toEqual([]);
});

test('declares for anybody, with words that do harm elsewhere kept as text', async () => {
  incident = await program.declare('*P2:* Log-in <!channel> is slow &amp; "odd" —service “API”');
  const [row] = await program.rows('select title, severity, service, declared_by from incident where id = 1');
  expect(row).toEqual({
    title: 'Log-in @channel is slow & "odd"',
    severity: 'P2',
    service: 'api',
    declared_by: 'slack:U01ANA',
  });
  const leads = `:point_right: INC-1 goes on in <#${incident.room.id}>.`;
  const told = () => program.world.workspace.user('ana').ephemerals.some(({ text }) => text === leads);
  await waitFor('the link to the channel', told);
  for (const { text, blocks } of incident.room.messages()) {
    // A plain_text header shows it as it is; only mrkdwn would call everybody.
    const mrkdwn = JSON.stringify(blocks).matchAll(/"type":"mrkdwn","text":"((?:[^"\\\\]|\\\\.)*)"/g);
    for (const words of [text, ...[...mrkdwn].map((each) => each[1])]) expect(words).not.toMatch(/<!channel|@channel/);
  }
  // What is wrong with a detail is said, and keeps nobody from being woken.
  const creaks = (await dr('stranger', 'new It creaks as in INC-77 service:apo')).text;
  expect(creaks).toMatch(/INC-2 declared.*P1 High/);
  expect(creaks).toMatch(/declared without a service.*`apo`; did you mean `api`\?/);
  expect(await program.rows('select title from incident where id = 2')).toEqual([{ title: 'It creaks as in INC-77' }]);
});

test('asks which of several open incidents is meant, and takes its name or its channel', async () => {
  const asked = (await dr('ana', 'status')).text;
  expect(asked).toMatch(/2 incidents fit: INC-2 .*; INC-1 .*\n:point_right: Add the name/);
  expect((await dr('ana', 'status INC-2')).text).toMatch(/^INC-2 P1 It creaks/);
  expect((await here('ana', 'status')).text).toMatch(/^INC-1 P2/);
  expect((await dr('ana', 'status INC-99')).text).toMatch(/no incident INC-99.*\n.*`\/dr list`/);
  expect(said(await dr('ana', 'list'))).toMatch(/2 incidents, 2 open[\s\S]*INC-2[\s\S]*INC-1/);
});

test('a sentence that mentions another incident never ends or changes that one', async () => {
  await waitFor('the channel of INC-2', () =>
    program.rows('select 1 from incident where id = 2 and channel is not null').then((found) => found.length),
  );
  for (const words of [
    'resolve Same cause as INC-2',
    'update INC-2 was the cause',
    'note Seen in INC-2',
    'abort As in INC-2',
  ])
    expect((await here('ana', words)).text, words).toMatch(
      /^:no_entry: Your words name INC-2, but this is the channel of INC-1\.\n.*`INC-1 your words`.*`#dr-2-it-creaks-as-in-inc-77`/,
    );
  expect((await here('ben', 'note INC-1 Seen in INC-2')).text).toBe('Noted in the timeline of INC-1.');
  expect((await dr('ben', 'note INC-2 Seen in INC-1')).text).toBe('Noted in the timeline of INC-2.');
  expect(await program.rows(`select incident_id, data->>'text' as text from event where kind = 'note.added'`)).toEqual([
    { incident_id: 1, text: 'Seen in INC-2' },
    { incident_id: 2, text: 'Seen in INC-1' },
  ]);
  expect(await program.rows(`select 1 from incident where id > 0 and state <> 'open'`)).toEqual([]);
});

test('lets nobody but people of the estate act on an incident', async () => {
  for (const words of [
    'ack',
    'update x',
    'severity P0',
    'role secondary me',
    'page database',
    'recover api',
    'run restart-api',
  ])
    expect((await here('stranger', words)).text, words).toMatch(/is for responders, and the estate does not list you/);
  for (const words of ['resolve x', 'close', 'pause x', 'abort x', 'approve', 'estate reload'])
    expect((await here('stranger', words)).text, words).toMatch(/estate|responder/);
  expect((await here('stranger', 'note I saw smoke')).text).toBe('Noted in the timeline of INC-1.');
  const [row] = await program.rows('select severity, state, acknowledged_at from incident where id = 1');
  expect(row).toEqual({ severity: 'P2', state: 'open', acknowledged_at: null });
});

test('changes the severity, gives roles and pages people, with an error for each wrong word', async () => {
  expect((await here('ana', 'severity')).text).toMatch(/severity is missing/);
  expect((await here('ana', 'severity P7')).text).toMatch(/`P7` is no severity.*\n.*`P0` Critical/);
  expect((await here('ana', 'severity P2')).text).toMatch(/is P2 already/);
  expect((await here('ana', 'sev P3 It is only one desk')).text).toMatch(/INC-1 is P3 Low now/);
  expect((await here('ana', 'role incident-comander @ben')).text).toMatch(
    /no role `incident-comander`.*\n.*did you mean/i,
  );
  expect((await here('ana', 'role secondary')).text).toMatch(/person is missing/);
  expect((await here('ana', 'role secondary @bean')).text).toMatch(
    /do not know the person `@bean`.*\n.*did you mean `ben`/i,
  );
  expect((await here('ana', 'role secondary <@U0STRANGER|stranger>')).text).toMatch(/not in the estate/);
  expect((await here('ana', 'role incident-commander <@U01CLEO|cleo>')).text).toMatch(
    /<@U01CLEO> is incident-commander/,
  );
  expect((await here('ana', 'page')).text).toMatch(/whom to page is missing/i);
  expect((await here('ana', 'page databas')).text).toMatch(/did you mean `database`/i);
  expect((await here('ana', 'page incident-commander Come here')).text).toMatch(
    /Paging incident-commander \(<@U01CLEO>\)/,
  );
  const alert = await program.world.pager.waitFor(({ dedup_key }) => dedup_key.endsWith('/incident-commander'));
  expect(alert.dedup_key).toMatch(/^lifeboat\/small-shop\/[a-z0-9]+\/INC-1\/m/);
  await waitFor('the direct message', () =>
    program.world.workspace
      .user('cleo')
      .directMessages.some(({ blocks }) => JSON.stringify(blocks).includes('Come here')),
  );
});

test('plans without doing, and refuses runs that are not there', async () => {
  expect((await dr('stranger', 'plan api')).text).toMatch(/7 steps.*Nothing has been started/);
  expect((await dr('ana', 'plan restart-api reason="two words" site=west')).text).toMatch(/restart-api/);
  expect((await dr('ana', 'plan restart-api sight=west')).text).toMatch(/^:no_entry:.*sight/);
  expect((await dr('ana', 'plan restart-api site=north')).text).toMatch(/^:no_entry:.*north/);
  expect((await dr('ana', 'plan restart-api west')).text).toMatch(/`west` is not an input/);
  expect((await dr('ana', 'plan restart-apo')).text).toMatch(/did you mean `restart-api`/i);
  expect((await here('ana', 'run restart-apo')).text).toMatch(/did you mean `restart-api`/i);
  expect((await here('ana', 'run')).text).toMatch(/runbook is missing/);
  expect((await here('ana', 'recover shop-fornt')).text).toMatch(/did you mean `shop-front`/i);
  for (const verb of ['pause x', 'resume', 'retry x', 'skip x', 'abort x'])
    expect((await here('ana', verb)).text, verb).toMatch(/no run is under way/i);
  for (const verb of ['approve', 'deny'])
    expect((await here('ana', verb)).text, verb).toMatch(/nothing waits for a decision/i);
  expect(await program.rows('select 1 from run')).toEqual([]);
});

test('takes notes and updates, refuses empty ones, and shows all of it in the timeline', async () => {
  expect((await here('ana', 'note')).text).toMatch(/note is empty/);
  expect((await here('ben', 'note The lamp is red')).text).toMatch(/^Noted/);
  expect((await here('ben', 'update It is <!here> warmer')).text).toMatch(/^Update for INC-1 is on its way/);
  await program.world.workspace.waitFor({ channel: incident.room.id, text: 'warmer' }, { timeout: 15_000 });
  expect(wordsIn(incident.room).join('\n')).not.toContain('<!here>');
  const timeline = said(await here('ana', 'timeline'));
  for (const words of ['The lamp is red', 'I saw smoke', 'warmer', 'The record is whole'])
    expect(timeline).toContain(words);
});

test('shows a long timeline in pages, and gives all of it as files in the channel', async () => {
  expect((await here('ana', 'timeline page 7')).text).toMatch(/no page 7: the timeline has/i);
  expect((await here('ana', 'timeline eveything')).text).toMatch(/`timeline` knows no `eveything`/);
  expect((await here('ana', 'timeline all')).text).toContain('`INC-1-timeline.txt`');
  expect((await here('ana', 'timeline file')).text).toContain('`INC-1-timeline.md` and `INC-1-timeline.json`');
  const files = () =>
    Object.values(program.world.workspace.snapshot().files).filter(({ channels }) =>
      channels.includes(incident.room.id),
    );
  await waitFor('the three files', () => files().length === 3);
  for (const { content } of files()) expect(content).toContain('The lamp is red');
  const [json] = files().filter(({ name }) => name.endsWith('.json'));
  expect(JSON.parse(json!.content)).toMatchObject({
    incident: { name: 'INC-1' },
    head: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
  });
});

test('finds incidents by their words, people, service, state and time', async () => {
  const find = async (words: string) => said(await dr('ben', `incident ${words}`));
  expect(await find('LAMP red')).toMatch(/1 incident found[\s\S]*INC-1.*Log-in/);
  expect(await find('creak')).toMatch(/1 incident found[\s\S]*INC-2/);
  expect(await find('service:api person:@ana state:open last:1h')).toMatch(/1 incident found[\s\S]*INC-1/);
  expect(await find('person:<@U01CLEO|cleo>')).toMatch(/1 incident found[\s\S]*INC-1/);
  expect(await find('lamp state:closed')).toMatch(/^No incident fits `lamp state:closed`/);
  expect(await find('servise:api')).toMatch(/no filter `servise:`.*\n.*Did you mean `service:`/);
  expect(await find('from:2026-02-30')).toMatch(/`from:2026-02-30` is no date/);
  expect(said(await dr('ana', 'incidents'))).toMatch(/2 incidents found/);
});

test('posts a long update whole, in parts, with what Slack made of it read as it was meant', async () => {
  const lines = Array.from(
    { length: 90 },
    (_, n) => `${n}. The pump <https://x.example.com/${n}|x.example.com/${n}> is seen`,
  );
  expect(
    (await here('ben', `update Ask <@U01CLEO|cleo>: ${lines.join('\n')} <!subteam^S1|@dba> the end`)).text,
  ).toMatch(/^Update/);
  await program.world.workspace.waitFor({ channel: incident.room.id, text: 'the end' }, { timeout: 15_000 });
  const said = wordsIn(incident.room).join('\n');
  for (const words of [
    'Ask @Cleo Diaz',
    'https://x.example.com/0',
    'https://x.example.com/89',
    '@dba the end',
    'part 2 of',
  ])
    expect(said).toContain(words);
  expect(said).not.toMatch(/<https|subteam|\|x\.example/);
  const [row] = await program.rows('select last_update from incident where id = 1');
  expect(row?.['last_update']).toContain('89. The pump https://x.example.com/89 is seen @dba the end');
  expect(program.doubles()).toEqual([]);
});

test('acknowledges once, resolves once, closes once, and never in the wrong order', async () => {
  expect((await here('ben', 'ack')).text).toMatch(/^You acknowledged INC-1/);
  expect((await here('ana', 'ack')).text).toMatch(
    /^You answered your page for INC-1.*acknowledged by <@U01BEN> before/,
  );
  expect((await here('ana', 'ack')).text).toMatch(/acknowledged by <@U01BEN> already/);
  expect((await here('ana', 'close')).text).toMatch(/not resolved yet/);
  expect((await here('ana', 'resolve Somebody cleaned it')).text).toMatch(/^INC-1 is resolved/);
  for (const words of ['resolve again', 'update x', 'ack', 'severity P0', 'page database', 'recover api'])
    expect((await here('ana', words)).text, words).toMatch(/^:no_entry: INC-1 is resolved/);
  expect((await here('ana', 'close')).text).toMatch(/^INC-1 is closed/);
  expect((await dr('ana', 'close INC-1')).text).toMatch(/closed already/);
  expect(said(await dr('ana', 'list'))).not.toContain('INC-1');
  expect(said(await dr('ana', 'list all'))).toContain('INC-1');
  expect(said(await dr('ana', 'timeline INC-1'))).toContain('The record is whole');
});

test('has no unexpected error in its log after all that', () => {
  expect(program.logs().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
});
