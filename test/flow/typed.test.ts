import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommandDeps } from '../../commands/command.ts';
import { dispatch } from '../../commands/dispatch.ts';
import { shortcut, submit } from '../../commands/submissions.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { MessageParams } from '../../src/domain/incident/facts.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import type { Answer } from '../../src/ports/edge.ts';
import { incidentFacts } from '../../src/store/incident/incident-facts.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import { pagesOf } from '../../src/store/page/pages.ts';
import { channelTopic } from '../../templates/channel-topic.ts';
import { loadTemplates, type Templates } from '../../templates/engine.ts';
import { pagerEvent } from '../../templates/pager-event.ts';
import { timelinePages } from '../../templates/timeline.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { accept, readable } from '../support/messages.ts';
import { smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let deps: CommandDeps;
let templates: Templates;
let id: number;
let requests = 0;

beforeAll(async () => {
  [database, estate, templates] = await Promise.all([createTestDatabase(), smallEstate(), loadTemplates()]);
  pool = testPool(database.url);
  deps = {
    ...{ pool, verbs: { pool, estate: () => estate }, estate: () => estate },
    account: () => Promise.resolve('member'),
    schedules: () => Promise.resolve({}),
    pager: { assigns: false, ownKey: () => false },
  } as unknown as CommandDeps;
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  id = await declared('P2 Log-in is slow');
});

const dr = (text: string): Promise<Answer> =>
  dispatch({ key: `k${(requests += 1)}`, actor: 'slack:U01ANA', text, channel: 'C01GENERAL' }, deps);
const words = (answer: Answer): string => (answer.kind === 'message' ? answer.text : answer.kind);
async function declared(text: string): Promise<number> {
  const answer = words(await dr(`declare ${text} anyway`));
  const found = /INC-(\d+) declared/.exec(answer)?.[1];
  if (found === undefined) throw new Error(answer);
  return Number(found);
}
const incident = async (which = id): Promise<Incident> => (await findIncident(pool, which))!;
const event = async (kind: string, which = id) =>
  (await timelineOf(pool, which)).find((each) => each.kind === kind)?.data;

interface Post {
  key: string;
  payload: { template: string; to: string; params: MessageParams };
}
/** Messages of these templates to a reader, in the order in which they go out. */
async function posts(to: string, kinds: string[], which = id): Promise<Post[]> {
  const { rows } = await pool.query<Post>(
    `select key, payload from effect where incident_id = $1 and kind = 'message.post' and payload->>'to' = $2
     and payload->>'template' = any ($3) order by id`,
    [which, to, kinds],
  );
  return rows;
}
/** What people typed, as it stands in these messages behind the bar of a quote. */
async function quoted(found: Post[], which = id): Promise<string> {
  const facts = await incidentFacts(pool, estate, () => Promise.resolve({}), await incident(which));
  const messages = found.map(({ payload }) => templates.render(payload.template, facts, payload.params));
  for (const message of messages) accept(message);
  const lines = messages.flatMap((message) => readable(message).split('\n'));
  return lines.flatMap((line) => (line.startsWith('>') ? [line.slice(1)] : [])).join('\n');
}
const bare = (text: string): string => text.replaceAll(/\s+/g, '');
const long = (length: number): string =>
  Array.from({ length: 2000 }, (_, n) => `Word ${n} & more.`)
    .join(' ')
    .slice(0, length - 6)
    .concat(' <END>');

describe('everything typed is posted whole', () => {
  test.each([2700, 12_000])('an update of %d characters, in parts, in order, to every reader', async (length) => {
    const text = long(length);
    await dr(`update INC-${id} ${text}`);
    const found = await posts('incident', ['status-update', 'continued']);
    expect(found[0]?.payload.template).toBe('status-update');
    expect(found.slice(1).map(({ payload }) => payload.params['part'])).toEqual(found.slice(1).map((_, n) => n + 2));
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
    const shown = (await quoted(found)).replaceAll(/^_Part 1 of \d+; the rest follows\._$/gm, '');
    expect(
      bare(shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).replace(/_Part1.*?_/, ''),
    ).toBe(bare(text));
    expect(await event('update.posted')).toMatchObject({ text });
  });

  test('a summary, to those who read the resolution', async () => {
    const text = long(4000);
    await dr(`resolve INC-${id} ${text}`);
    const found = await posts('incident', ['recovery-notification', 'continued']);
    expect(found).toHaveLength(2);
    expect(await quoted(found)).toContain('&lt;END&gt;');
    expect((await incident()).resolution).toBe(text);
  });

  test('a note stands whole in the timeline', async () => {
    await dr(`note INC-${id} ${long(9000)}`);
    const view = {
      ...{ incident: await incident(), events: await timelineOf(pool, id), estate },
      record: { kind: 'emptied' as const },
    };
    const pages = timelinePages(view);
    for (const page of pages) accept(page);
    const all = pages.map(readable).join('\n');
    expect(all).toContain('&lt;END&gt;');
    expect(all).toContain('declared P2');
  });

  test('what a title has no room for is the description, which the channel gets whole', async () => {
    const text = long(4000);
    const other = await declared(`P3: ${text}`);
    expect((await incident(other)).title).toMatch(/^Word 0 .*…$/);
    expect(await event('incident.declared', other)).toMatchObject({ description: text });
    const found = await posts('incident', ['description', 'continued'], other);
    expect(found.map(({ payload }) => payload.template)).toEqual(['description', 'continued']);
    expect(await quoted(found, other)).toContain('&lt;END&gt;');
  });

  test('a page says in the pager that it is cut, where it is, and the details and the channel have all of it', async () => {
    await dr(`page INC-${id} Ben Okoro ${long(3000)}`);
    const [page] = (await pagesOf(pool, id)).filter(({ role }) => role === 'ben');
    const { summary, details } = pagerEvent(page!, await incident(), estate, 'trigger');
    expect(summary).toMatch(/cut here; the details have the whole message\)$/);
    expect(summary.length).toBeLessThanOrEqual(1024);
    expect(details['message']).toBe(long(3000));
    expect(await quoted(await posts('incident', ['paged', 'continued']))).toContain('&lt;END&gt;');
    const [direct] = await posts('U01BEN', ['page']);
    const facts = await incidentFacts(pool, estate, () => Promise.resolve({}), await incident());
    const message = templates.render('page', facts, direct!.payload.params);
    accept(message);
    expect(readable(message)).toContain('(cut here; `/dr timeline` has all of it)');
  });

  test.each([
    ['update', 'x', 'the update has 12,001 characters', 12_001],
    ['note', 'x', 'the note has 12,001 characters', 12_001],
    ['resolve', 'x', 'the summary has 12,001 characters', 12_001],
    ['severity P1', 'x', 'the reason has 501 characters', 501],
    ['page ben', 'x', 'the text of the page has 12,001 characters', 12_001],
    ['update', 'x', 'the update has 100,000 characters', 100_000],
  ])('or %s refuses it before anything happens', async (verb, char, message, length) => {
    const before = await timelineOf(pool, id);
    const [name = '', ...rest] = verb.split(' ');
    const text = `${name} INC-${id} ${rest.join(' ')} ${char.repeat(length)}`;
    await expect(dr(text)).rejects.toMatchObject({ message, fix: expect.stringMatching(/^at most /) as string });
    expect(await timelineOf(pool, id)).toEqual(before);
  });
});

describe('an optional detail that is wrong is left out, and said', () => {
  test('a service that does not exist', async () => {
    const answer = words(await dr('declare P1 Slow service:apo'));
    expect(answer).toMatch(
      /INC-\d+ declared[\s\S]*declared without a service.*`apo`; did you mean `api`\?.*`\/dr service api`/,
    );
    expect(words(await dr('declare P1 Slow service:<!channel>`zebra anyway'))).not.toContain('<!channel>');
  });

  test('a mode that does not exist, which is a drill only where it is a slip of that', async () => {
    expect(words(await dr('declare P1 Slow mode:prod anyway'))).toMatch(
      /INC-\d+ declared[\s\S]*no mode `prod`, so this is real/,
    );
    expect(words(await dr('declare P1 Slow mode:dril anyway'))).toMatch(/DRILL-\d+ declared[\s\S]*read as `drill`/);
  });

  test('a severity that does not exist is asked about, and nothing is declared', async () => {
    const count = async () => (await pool.query('select 1 from incident')).rowCount;
    const before = await count();
    for (const typed of ['P7 x', 'sev9: x', '*P7* x'])
      await expect(dr(`declare ${typed}`)).rejects.toMatchObject({ fix: expect.stringContaining('`P0`') as string });
    expect(await count()).toBe(before);
  });

  test('a word that may be a milder severity is declared as usual, and said', async () => {
    const answer = words(await dr('declare low disk space on db'));
    expect(answer).toMatch(/declared\*, P1 High[\s\S]*If you meant P3 Low, type `\/dr severity P3`/);
  });
});

test('service, severity, role and person are taken as people type them', async () => {
  const other = await declared('*P0:* Orders fail — <https://x.example.com/1|x.example.com/1> —service “API”');
  expect(await incident(other)).toMatchObject({
    severity: 'P0',
    service: 'api',
    title: 'Orders fail — https://x.example.com/1',
  });
  expect(words(await dr(`role INC-${other} Incident Commander <@U01CLEO|cleo>`))).toMatch(
    /<@U01CLEO> is incident-commander/,
  );
  expect(words(await dr(`role INC–${other} @Dan Weber communications`))).toMatch(/<@U01DAN> is communications/);
  expect(words(await dr(`page INC-${other} <@U01BEN|ben> ask <@U01CLEO|cleo>`))).toMatch(
    /gets a direct message for INC-/,
  );
  expect(await event('page.asked', other)).toMatchObject({ text: 'ask @Cleo Diaz' });
  expect(words(await dr('oncall Database'))).toContain('*database*');
  expect(words(await dr('plan API'))).toContain('api');
});

const HOSTILE =
  '<!channel> &lt;!here&gt; <!subteam^S1|@dba> @everyone `a ``` b \u202Egnp.exe\u202C \0 <@U01BEN|ben> &amp;lt;';
const CALLS = /<!(?!date)|@(channel|here|everyone)\b|[\u202A-\u202E\0]/;

/** Without headers, which are plain text: marks mean nothing there. */
const marked = (text: string): string => text.replaceAll(/^# .*$/gm, '');

test('hostile text is harmless wherever it is typed', async () => {
  const other = await declared(`P2 ${HOSTILE}\n${HOSTILE}`);
  await dr(`update INC-${other} ${HOSTILE}`);
  await dr(`note INC-${other} ${HOSTILE}`);
  await dr(`severity INC-${other} P1 ${HOSTILE}`);
  await dr(`page INC-${other} ben ${HOSTILE}`);
  const form = (about: object, values: Record<string, string>, name: string) =>
    submit(
      { key: `f${(requests += 1)}`, actor: 'slack:U01ANA', form: name, about: JSON.stringify(about), values },
      deps,
    );
  expect(await form({ incident: other }, { text: HOSTILE }, 'update')).toEqual({ kind: 'closed' });
  expect(await form({ incident: other }, { summary: HOSTILE }, 'resolve')).toMatchObject({ kind: 'closed' });
  const made = await form(
    { channel: 'C01GENERAL' },
    { title: HOSTILE, description: HOSTILE, severity: 'P3', service: 'gone', mode: '' },
    'declare',
  );
  expect(made.kind === 'closed' && made.answer && words(made.answer)).toMatch(/declared without a service/);

  const found = await incident(other);
  const facts = await incidentFacts(pool, estate, () => Promise.resolve({}), found);
  const { rows } = await pool.query<Post>(
    `select key, payload from effect where incident_id = $1 and kind = 'message.post'`,
    [other],
  );
  expect(rows.length).toBeGreaterThan(6);
  for (const { payload } of rows) {
    const message = templates.render(payload.template, facts, payload.params);
    accept(message);
    expect(marked(readable(message)), payload.template).not.toMatch(CALLS);
  }
  const events = await timelineOf(pool, other);
  expect(
    timelinePages({ incident: found, events, estate, record: { kind: 'emptied' } })
      .map(readable)
      .join('\n'),
  ).not.toMatch(CALLS);
  expect(JSON.stringify(events)).not.toMatch(/[\u202A-\u202E]|\\u0000/);
  expect(channelTopic(found, estate)).not.toMatch(CALLS);
  expect(found.name).toMatch(/^dr-\d+-[a-z0-9-]+$/);
  const [page] = await pagesOf(pool, other);
  expect(pagerEvent(page!, found, estate, 'trigger').summary).not.toMatch(/[\u202A-\u202E\0]/);
});

test('a message becomes a declaration with its words, whatever marks Slack put there', async () => {
  const text = `*Orders* fail on <http://db.example.com|db.example.com> says <@U01BEN>\n${long(5000)}`;
  const answer = await shortcut({ key: 's', actor: 'slack:U01ANA', callback: 'declare', text, channel: null }, deps);
  const view = JSON.stringify(answer);
  expect(view).toContain('"initial_value":"Orders fail on db.example.com says @Ben Okoro"');
  const values = [...view.matchAll(/"initial_value":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, value = '']) => JSON.parse(`"${value}"`) as string,
  );
  expect(Math.max(...values.map((value) => value.length))).toBeLessThanOrEqual(3000);
});

test('a hundred thousand characters of nothing are refused in a short answer', async () => {
  for (const typed of [
    'x'.repeat(100_000),
    `run ${'x'.repeat(100_000)}`,
    `role ${'y '.repeat(50_000)}`,
    `who ${'z '.repeat(50_000)}`,
  ])
    await expect(dr(typed)).rejects.toMatchObject({ code: expect.any(String) as string });
});
