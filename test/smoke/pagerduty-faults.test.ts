import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { said, startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

let program: Program;
beforeAll(async () => {
  // The schedule says Ana, the estate Dan: so it is seen who was asked.
  program = await startProgram({ replace: [['on-call: { people: [ana]', 'on-call: { people: [dan]']] });
});
afterEach(async () => {
  await program.world.pager.endOutage();
});
afterAll(() => program.stop());

const events = (id: number): string[] =>
  program.world.pager
    .requests('events')
    .filter(({ status }) => status === 202)
    .map(({ body }) => JSON.parse(body) as { event_action: string; dedup_key: string })
    .filter(({ dedup_key }) => dedup_key.includes(`/INC-${id}/`))
    .map(({ event_action }) => event_action);
const isPage = (id: number) => (alert: { dedup_key: string }) => alert.dedup_key.endsWith(`/INC-${id}/1.0/on-call`);
const page = (id: number) => program.world.pager.alerts().find(isPage(id));
let id = 0;
async function declare(): Promise<number> {
  expect((await program.dr('ana', 'declare P0 Nobody answers anyway')).text).toMatch(/declared/);
  id += 1;
  return id;
}

test('a schedule that cannot be read holds up no page, and the people of the estate are paged', async () => {
  program.world.pager.fail({ kind: 'hang', ms: 20_000, api: 'rest' });
  const mine = await declare();
  const { dedup_key: key } = await program.world.pager.waitFor(isPage(mine), { timeout: 20_000 });
  const [incident] = await program.rows('select declared_at from incident where id = $1', [mine]);
  const paged = program.world.pager.requests('events').find(({ body }) => body.includes(key));
  expect((paged?.arrived_at ?? Infinity) - new Date(String(incident?.['declared_at'])).getTime()).toBeLessThan(4000);
  // Who they are the schedule does not say in time: the record names the people of the estate, who are told as well.
  await waitFor('the record to name somebody', async () => {
    const [row] = await program.rows('select people from page where incident_id = $1', [mine]);
    return JSON.stringify(row?.['people']) === '["dan"]';
  });
});

test.each([
  ['is over its limit', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
  ['has an error', { kind: 'status', status: 500 }],
  ['is hidden behind a sign-in page', { kind: 'status', status: 200, text: '<html>Sign in</html>' }],
  ['is forbidden by a proxy', { kind: 'status', status: 403, text: '<html>Forbidden</html>' }],
  ['redirects', { kind: 'status', status: 302, headers: { location: 'https://proxy.example/login' } }],
  ['cuts the line', { kind: 'reset' }],
  ['took the page and cuts the line', { kind: 'apply_then_reset' }],
] as const)('a page goes out, and wakes people once, when PagerDuty %s', async (_words, fault) => {
  program.world.pager.fail({ ...fault, api: 'events', times: 2 });
  const mine = await declare();
  const { dedup_key: key } = await program.world.pager.waitFor(isPage(mine), { timeout: 15_000 });
  await waitFor(
    'the page to be sent',
    async () =>
      (await program.rows(`select 1 from event where incident_id = $1 and kind = 'page.sent'`, [mine])).length === 1,
    { timeoutMs: 15_000 },
  );
  expect(program.world.pager.notifications(key)).toBe(1);
  expect(page(mine)?.status).toBe('triggered');
});

test('while PagerDuty is away Slack goes on, the status says which page waits, and then it goes out', async () => {
  await program.world.pager.startOutage('refused');
  const mine = await declare();
  const room = await program.world.workspace.waitForChannel(new RegExp(`^dr-${mine}-`));
  await waitFor('the direct message', () =>
    program.world.workspace.user('ana').directMessages.some(({ text }) => text.includes(`INC-${mine}`)),
  );
  await waitFor('the status to say what waits', async () =>
    /A page .*waits, [1-9]\d* tr(y|ies) so far/.test(said(await program.dr('ben', 'status', `#${room.name}`))),
  );
  await program.world.pager.endOutage();
  await program.world.pager.waitFor(isPage(mine), { timeout: 20_000 });
});

test('a page that was answered while PagerDuty was away is not sent any more', async () => {
  await program.world.pager.startOutage('unavailable');
  const mine = await declare();
  await waitFor('an attempt', () => program.world.pager.requests('events').some(({ status }) => status === 503));
  expect((await program.dr('ana', `ack INC-${mine}`)).text).toMatch(/^You acknowledged/);
  await program.world.pager.endOutage();
  await waitFor(
    'the sends to be over',
    async () =>
      (
        await program.rows(
          `select 1 from effect where incident_id = $1 and kind = 'pager.send' and state in ('pending', 'queued', 'running')`,
          [mine],
        )
      ).length === 0,
    { timeoutMs: 20_000 },
  );
  expect(page(mine)).toBeUndefined();
  expect(events(mine)).not.toContain('trigger');
  expect(await program.rows(`select 1 from event where incident_id = $1 and kind = 'page.sent'`, [mine])).toEqual([]);
  // Nor is anything left that would wait for PagerDuty to know of it.
  expect((await program.dr('ana', `resolve INC-${mine} It was nothing`)).text).toMatch(/is resolved/);
  await waitFor(
    'the note to be given up',
    async () =>
      (await program.rows(`select result from effect where incident_id = $1 and kind = 'pager.note'`, [mine]))[0]?.[
        'result'
      ] !== null,
    { timeoutMs: 15_000 },
  );
});

test('a page that PagerDuty refuses for good is said in the channel, and people are still told by direct message', async () => {
  program.world.pager.fail({
    kind: 'status',
    status: 400,
    body: { status: 'invalid event', errors: ['no'] },
    api: 'events',
  });
  const mine = await declare();
  const room = await program.world.workspace.waitForChannel(new RegExp(`^dr-${mine}-`));
  await program.world.workspace.waitFor(
    { channel: room.id, text: /page.*(failed|could not|did not)/i },
    { timeout: 20_000 },
  );
  expect(said(await program.dr('ben', 'status', `#${room.name}`))).toMatch(/refused for good/);
});

test('while a proxy answers in PagerDuty’s place the channel says that the page is not confirmed, and says when it is', async () => {
  program.world.pager.fail({ kind: 'status', status: 403, text: '<html>Forbidden</html>', api: 'events', times: 1000 });
  const mine = await declare();
  const room = await program.world.workspace.waitForChannel(new RegExp(`^dr-${mine}-`), { timeout: 10_000 });
  await program.world.workspace.waitFor(
    { channel: room.id, text: /page to .* is not confirmed/i },
    { timeout: 20_000 },
  );
  expect(said(await program.dr('ben', 'status', `#${room.name}`))).toContain('not confirmed by the pager yet');
  expect(
    await program.rows(`select 1 from event where incident_id = $1 and kind in ('page.sent', 'page.failed')`, [mine]),
  ).toEqual([]);
  program.world.pager.reset();
  await program.world.pager.waitFor(isPage(mine), { timeout: 30_000 });
});

test('a page that a disabled service accepted is said to have failed', async () => {
  program.world.pager.silence(true);
  const mine = await declare();
  const room = await program.world.workspace.waitForChannel(new RegExp(`^dr-${mine}-`), { timeout: 10_000 });
  await waitFor('PagerDuty to accept the page', () => events(mine).includes('trigger'));
  // The grace passes: the page is looked for late, and is still not there.
  const passed = `update effect set created_at = created_at - interval '1 minute', due_at = now()
    where incident_id = $1 and kind = 'pager.confirm' and state = 'pending' returning id`;
  await waitFor('the look for the page', async () => (await program.rows(passed, [mine])).length > 0);
  await program.pass(1000);
  await program.world.workspace.waitFor({ channel: room.id, text: /page to .* did not arrive/i }, { timeout: 20_000 });
  program.world.pager.silence(false);
});
