import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram, wordsIn, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE = 60_000;
let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const keys = (id: number): string[] =>
  program.world.pager
    .alerts()
    .map(({ dedup_key }) => dedup_key)
    .filter((key) => key.includes(`/INC-${id}/`))
    .map((key) => key.split(`/INC-${id}/`)[1] ?? '');
const states = (id: number): string[] =>
  program.world.pager
    .alerts()
    .filter(({ dedup_key }) => dedup_key.includes(`/INC-${id}/`))
    .map(({ status }) => status);
const paged = (id: number, ...wanted: string[]): Promise<true> =>
  waitFor(`pages ${wanted.join(', ')}`, () => JSON.stringify(keys(id)) === JSON.stringify(wanted));
const levels = async (id: number) =>
  (
    await program.rows<{ level: number }>(
      `select (data->>'level')::integer as level from event
       where incident_id = $1 and kind = 'escalation.level_fired' order by seq`,
      [id],
    )
  ).map(({ level }) => level);

test('pages level by level at their distance from the declaration, each once with a key of its own', async () => {
  const { room, channel } = await program.declare('P0 The lights are out');
  await paged(1, '1.0/on-call');
  await program.pass(4 * MINUTE);
  await program.idle();
  expect(keys(1)).toEqual(['1.0/on-call']);
  await program.pass(1 * MINUTE);
  await paged(1, '1.0/on-call', '1.1/secondary');
  await waitFor('the hint', () => wordsIn(room).some((each) => each.includes('Look at the replica')));
  await waitFor('a direct message', () =>
    program.world.workspace.user('ben').directMessages.some(({ text }) => text.includes('INC-1')),
  );
  await program.pass(10 * MINUTE);
  await paged(1, '1.0/on-call', '1.1/secondary', '1.2/incident-commander');
  // By button on the direct message: nobody new is paged, and PagerDuty knows of what Ben answered. Ana's page rings on.
  const [message] = program.world.workspace.user('ben').directMessages;
  if (!message) throw new Error('ben has no message');
  await program.world.workspace.user('ben').press(message, 'Acknowledge');
  await waitFor('Ben to be heard', () => states(1).join() === 'triggered,acknowledged,acknowledged');
  await program.pass(40 * MINUTE);
  await program.idle();
  expect(keys(1)).toHaveLength(3);
  expect(await levels(1)).toEqual([0, 1, 2]);
  expect(states(1)).toEqual(['triggered', 'acknowledged', 'acknowledged']);
  // An hour after the declaration its recovery time objective is over: said, and paged to who leads.
  await program.pass(6 * MINUTE);
  await waitFor('the page of the objective', () => keys(1).some((key) => /^rto\w+\/incident-commander$/.test(key)));
  await waitFor('the word', () => wordsIn(room).some((each) => /recovery time objective of .+ has passed/.test(each)));
  await program.dr('ana', 'resolve Lit again', channel);
  await waitFor('all resolved', () => states(1).every((each) => each === 'resolved'));
});

test('levels that fell due while the program was down fire in order when it is back, each once', async () => {
  await program.declare('P0 Dark again');
  await paged(2, '1.0/on-call');
  await program.idle();
  await program.process().kill9();
  await program.pass(31 * MINUTE);
  await program.start();
  await paged(2, '1.0/on-call', '1.1/secondary', '1.2/incident-commander', '1.3/database');
  await program.idle();
  expect(await levels(2)).toEqual([0, 1, 2, 3]);
  for (const { dedup_key } of program.world.pager.alerts())
    expect(program.world.pager.notifications(dedup_key)).toBe(1);
  // By command: each answers what asks for them.
  await program.dr('ben', 'ack INC-2');
  await waitFor('Ben to be heard', () => states(2).join() === 'triggered,acknowledged,acknowledged,acknowledged');
  await program.dr('ana', 'ack INC-2');
  await waitFor('all acknowledged', () => states(2).every((each) => each === 'acknowledged'));
  await program.dr('ben', 'resolve INC-2 Lit again');
});

test('an acknowledgement in PagerDuty stops the ladder here, and leaves other pages ringing', async () => {
  await program.declare('P0 And again');
  await paged(3, '1.0/on-call');
  await program.pass(5 * MINUTE);
  await paged(3, '1.0/on-call', '1.1/secondary');
  const { dedup_key: key } = await program.world.pager.waitFor((alert) =>
    alert.dedup_key.endsWith('/INC-3/1.1/secondary'),
  );
  const delivery = await program.world.pager.acknowledge(key, { by: 'ana@example.com' });
  expect(delivery?.state).toBe('delivered');
  await program.idle();
  expect(states(3)).toEqual(['triggered', 'acknowledged']);
  const [incident] = await program.rows('select acknowledged_by from incident where id = 3');
  expect(incident?.['acknowledged_by']).toBe('pagerduty:PANA001:Ana Ito');
  await program.pass(40 * MINUTE);
  await program.idle();
  expect(keys(3)).toHaveLength(2);
  await program.dr('ben', 'resolve INC-3 Lit again');
});

test('a raise of the severity climbs the new ladder with new keys and tells the new audiences', async () => {
  const { channel } = await program.declare('P2 It flickers');
  await paged(4, '1.0/on-call');
  const before = program.world.workspace.messages({ channel: 'leadership', text: 'It flickers' }).length;
  expect(before).toBe(0);
  await program.dr('ana', 'role incident-commander me', channel);
  await program.dr('ana', 'severity P0 It is dark', channel);
  await waitFor(
    'the audience to hear of it',
    () => program.world.workspace.messages({ channel: 'leadership', text: 'It flickers' }).length === 1,
    { timeoutMs: 15_000 },
  );
  await program.pass(5 * MINUTE);
  await waitFor('the secondary', () => keys(4).includes('2.1/secondary'));
  await program.pass(30 * MINUTE);
  await waitFor('the last level', () => keys(4).includes('2.3/database'));
  expect(new Set(keys(4)).size).toBe(keys(4).length);
  // The on-call has one open page, at the new severity.
  const onCall = program.world.pager.alerts().filter(({ dedup_key }) => /INC-4\/.*on-call$/.test(dedup_key));
  expect(onCall.map(({ severity, status }) => [severity, status])).toEqual([
    ['warning', 'resolved'],
    ['critical', 'triggered'],
  ]);
  await program.dr('ana', 'ack', channel);
  await program.dr('ana', 'resolve Bulb', channel);
  await program.idle();
  const failed = await program.rows(`select key, error from effect where state in ('failed', 'unknown')`);
  expect(failed).toEqual([]);
  expect(program.doubles()).toEqual([]);
});
