import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pagerConfirm } from '../../jobs/pager-confirm.ts';
import { pagerSend } from '../../jobs/pager-send.ts';
import { createTroubleClock } from '../../jobs/trouble-clock.ts';
import { createPagerDuty } from '../../src/adapters/pagerduty/create-pagerduty.ts';
import type { ClaimedEffect } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Job } from '../../src/ports/job.ts';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let pd: PagerDutyStandIn;
let estate: Estate;
let incident: number;
let clock: number;
let send: Job;
let confirm: Job;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  pd = await startPagerDutyStandIn();
  estate = await smallEstate();
});
afterAll(async () => {
  await pool.end();
  await pd.close();
  await database.drop();
});
beforeEach(async () => {
  pd.pager.reset();
  clock = 0;
  const [routingKey = ''] = pd.routingKeys;
  const pager = createPagerDuty({
    ...{ eventsUrl: pd.eventsUrl, apiUrl: pd.apiUrl, apiToken: pd.apiToken },
    ...{ routingKey, timeoutMs: 2000 },
  });
  send = pagerSend(
    pool,
    () => estate,
    pager,
    createTroubleClock(() => clock),
  );
  confirm = pagerConfirm(pool, pager);
  incident = await plainIncident(pool);
  await pool.query(
    `insert into page (dedup_key, incident_id, ladder, level, role, people, created_at)
     values ($2, $1, 1, 0, 'on-call', '{}', now())`,
    [incident, key()],
  );
});

const key = (): string => `lifeboat/shop/abc/INC-${incident}/1.0/on-call`;
const context = { signal: AbortSignal.timeout(60_000) };
function claimed(kind: 'pager.send' | 'pager.confirm', age_ms = 0, attempts = 1): ClaimedEffect {
  return {
    ...{ id: '1', key: `${kind} ${key()}`, kind, queue: 'pages', incident_id: incident, ordering_key: null, fence: 1 },
    ...{ payload: { incident, dedup_key: key(), action: 'trigger' }, attempts, unknown_since: null },
    ...{ left_by: [], cancel_requested: false, mode: 'live' as const, created_at: new Date(Date.now() - age_ms) },
  };
}
const page = () => send.run(claimed('pager.send'), context);
const look = (age_ms = 0) => confirm.run(claimed('pager.confirm', age_ms), context);
async function after(job: Job, outcome: Awaited<ReturnType<Job['run']>>) {
  const found = (await findIncident(pool, incident))!;
  return job.after!(found, claimed('pager.send'), outcome, new Date());
}

test('a proxy’s page in PagerDuty’s place is sent again until PagerDuty itself confirms, and nothing says that it went out', async () => {
  pd.pager.fail({ kind: 'status', status: 200, text: '<html>Sign in</html>', times: 3 });
  for (let n = 0; n < 3; n += 1) expect(await page()).toMatchObject({ kind: 'retry', after_ms: 0 });
  expect(pd.pager.alerts()).toEqual([]);
  const sent = await page();
  expect(sent).toEqual({ kind: 'done', value: { sent: true } });
  expect(pd.pager.notifications(key())).toBe(1);
  expect((await after(send, sent)).events.map(({ kind }) => kind)).toEqual(['page.sent']);
});

test('a 404 is tried again for 15 minutes, however old the page is, and then given up with the reason', async () => {
  pd.pager.fail({ kind: 'status', status: 404, text: 'not here', times: 4 });
  expect(await page()).toMatchObject({ kind: 'retry', refused: true });
  clock = 14 * 60_000;
  expect(await page()).toMatchObject({ kind: 'retry', refused: true });
  clock = 15 * 60_000;
  expect(await page()).toEqual({ kind: 'rejected', reason: expect.stringMatching(/404: not here.*15 minutes/) });
  expect(await page()).toMatchObject({ kind: 'retry', refused: true });
});

test('another trouble between two refusals begins the 15 minutes anew', async () => {
  pd.pager.fail({ kind: 'status', status: 403 });
  await page();
  clock = 14 * 60_000;
  pd.pager.fail({ kind: 'status', status: 503 });
  await page();
  clock = 20 * 60_000;
  pd.pager.fail({ kind: 'status', status: 403 });
  expect(await page()).toMatchObject({ kind: 'retry', refused: true });
});

test('a page that PagerDuty accepted is there at the first look', async () => {
  await page();
  expect(await look()).toEqual({ kind: 'done', value: { arrived: true } });
});

test('a page that a disabled service accepted is waited for a moment, and then is a failed page', async () => {
  pd.pager.silence(true);
  expect(await page()).toEqual({ kind: 'done', value: { sent: true } });
  expect(await look(6_000)).toMatchObject({ kind: 'retry', after_ms: 5_000 });
  const lost = await look(31_000);
  expect(lost).toEqual({ kind: 'rejected', reason: expect.stringMatching(/disabled, in maintenance/) });
  const { events, effects } = await after(confirm, lost);
  expect(events).toEqual([
    { kind: 'page.failed', actor: 'lifeboat', data: { dedup_key: key(), reason: expect.any(String) } },
  ]);
  expect(effects.map(({ payload }) => payload['template'])).toContain('page-failed');
});

test('while the REST API does not tell, the page stays accepted, and after ten minutes nobody asks any more', async () => {
  await page();
  pd.pager.fail({ kind: 'status', status: 503, api: 'rest', times: 2 });
  expect(await look(31_000)).toMatchObject({ kind: 'retry' });
  const end = await look(11 * 60_000);
  expect(end).toMatchObject({ kind: 'done', value: { arrived: null } });
  expect((await after(confirm, end)).events).toEqual([]);
});

test('a page that somebody answered meanwhile is not looked for', async () => {
  await pool.query(`update page set state = 'acknowledged' where dedup_key = $1`, [key()]);
  expect(await look(31_000)).toEqual({ kind: 'done', value: { skipped: 'acknowledged' } });
  expect(pd.pager.requests('rest')).toEqual([]);
});
