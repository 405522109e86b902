import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cadenceFire } from '../../jobs/cadence-fire.ts';
import { approvalExpire } from '../../jobs/approval-expire.ts';
import { escalationFire } from '../../jobs/escalation-fire.ts';
import { recoveryAssess } from '../../jobs/recovery-assess.ts';
import { stepWake } from '../../jobs/step-wake.ts';
import { actions } from '../../src/actions/index.ts';
import type { ClaimedEffect, ClaimedRow } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { retry } from '../../src/domain/effect/outcome.ts';
import { firstBroken } from '../../src/domain/incident/timeline.ts';
import { createRedactor } from '../../src/runtime/redact.ts';
import type { Job } from '../../src/ports/job.ts';
import { takeBack, takeDue } from '../../src/outbox/sql/due.ts';
import { claim, expireLeases, renew } from '../../src/outbox/sql/effects.ts';
import { allSteps, findRun } from '../../src/store/run/runs.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { recordOutcome } from '../../src/verbs/effect/record-outcome.ts';
import { recordStepResults, type StepReport } from '../../src/verbs/run/record-step-results.ts';
import { requestRecovery } from '../../src/verbs/run/request-recovery.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { StepLedger } from '../../src/verbs/run/step-ledger.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plan, step } from '../support/queue-plan.ts';
import { claimAll, effect, effectsOf, intend, plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;

const by = () => ({ key: `r${(requests += 1)}`, actor: 'slack:U01ANA' });
const taker = { worker: 'w', lease_ms: 60_000, accepts: () => false };

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 20);
  estate = await smallEstate();
  verbs = { pool, estate: () => estate };
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query(`update effect set state = 'done' where state in ('pending', 'queued', 'running')`);
});

const claimHere = (worker = 'w', lease_ms = 60_000) => claimAll(pool, { worker, lease_ms });

const reportOf = (each: ClaimedRow): StepReport => ({
  effect: each,
  incident: Number(each.payload.incident),
  plan: each.payload.plan as string,
  run: Number(each.payload.run),
  step: each.payload.step as string,
  attempt: Number(each.payload.attempt),
  result: { kind: 'succeeded', output: null },
});

describe('results of steps', () => {
  const wide = (name: string, n: number) =>
    plan(name, [
      ...Array.from({ length: n }, (_, i) => step(`s${i}`, { uses: 'noop', with: {} })),
      step('last', { uses: 'noop', with: {}, needs: Array.from({ length: n }, (_, i) => `s${i}`) }),
    ]);

  test('with an old fence are dropped, alone and among good ones', async () => {
    const incident = await plainIncident(pool);
    const run = await startRun(verbs, by(), incident, wide('fences', 2));
    const [mine, other] = (await claimHere('w')).filter((each) => each.kind === 'step.run');
    const stale = { ...reportOf(other!), effect: { id: other!.id, fence: other!.fence - 1 } };
    await recordStepResults(verbs, [stale], taker);
    await recordStepResults(verbs, [reportOf(mine!)], { ...taker, worker: 'somebody else' });
    expect((await allSteps(pool, run.id)).map((row) => row.state)).toEqual(['running', 'running', 'pending']);
    await recordStepResults(verbs, [stale, reportOf(mine!)], taker);
    await recordStepResults(verbs, [reportOf(mine!)], taker);
    const after = Object.fromEntries((await allSteps(pool, run.id)).map((row) => [row.step_id, row.state]));
    expect(after).toMatchObject({ [mine!.payload.step as string]: 'succeeded', last: 'pending' });
    expect((await findRun(pool, run.id))!.remaining).toBe(2);
  });

  test('that come together are written together, and each once', async () => {
    const incident = await plainIncident(pool);
    const run = await startRun(verbs, by(), incident, wide('ledger', 40));
    const claimed = (await claimHere()).filter((each) => each.kind === 'step.run');
    const before = await commits();
    const ledger = new StepLedger(verbs);
    await Promise.all(claimed.map((each) => ledger.record(reportOf(each), taker)));
    expect((await commits()) - before).toBeLessThan(20);
    const now = (await findRun(pool, run.id))!;
    expect(now.remaining).toBe(1);
    const events = await timelineOf(pool, incident);
    expect(events.filter((event) => event.kind === 'step.succeeded')).toHaveLength(40);
    expect(events.filter((event) => event.kind === 'step.started' && event.data.step === 'last')).toHaveLength(1);
    expect(firstBroken(incident, events)).toBeNull();
  });

  test('one bad report among many does not hold up the others', async () => {
    const incident = await plainIncident(pool);
    const run = await startRun(verbs, by(), incident, wide('bad', 5));
    const claimed = (await claimHere()).filter((each) => each.kind === 'step.run');
    const ledger = new StepLedger(verbs);
    const reports = claimed.map(reportOf);
    reports[2] = { ...reports[2]!, step: 'no such step' };
    const all = await Promise.allSettled(reports.map((report) => ledger.record(report, taker)));
    expect(all.map((each) => each.status).filter((status) => status === 'rejected')).toHaveLength(1);
    expect((await findRun(pool, run.id))!.remaining).toBe(2);
  });

  test('of an incident that somebody keeps locked hold up those of no other', async () => {
    const [stuck, other] = [await plainIncident(pool), await plainIncident(pool)];
    await startRun(verbs, by(), stuck, wide('stuck', 5));
    const run = await startRun(verbs, by(), other, wide('other', 2));
    const claimed = (await claimHere()).filter((each) => each.kind === 'step.run');
    const locker = await pool.connect();
    try {
      await locker.query('begin');
      await locker.query('select from incident where id = $1 for update', [stuck]);
      const ledger = new StepLedger(verbs);
      const began = performance.now();
      const written = await Promise.allSettled(
        claimed.map(async (each) => {
          await ledger.record(reportOf(each), taker);
          return { incident: each.incident_id, ms: performance.now() - began };
        }),
      );
      expect(performance.now() - began).toBeLessThan(7000);
      const through = written.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(through.map((each) => each.incident)).toEqual([other, other]);
      expect(Math.max(...through.map((each) => each.ms))).toBeLessThan(3500);
      expect((await findRun(pool, run.id))!.remaining).toBe(1);
    } finally {
      await locker.query('rollback');
      locker.release();
    }
  });

  /** Transactions that wrote something so far. */
  async function commits(): Promise<number> {
    const { rows } = await pool.query<{ n: string }>(`select txid_current()::text as n`);
    return Number(rows[0]!.n);
  }
});

describe('effects', () => {
  test('a lane hands over only its first, and nothing while it rests', async () => {
    const incident = await plainIncident(pool);
    const lane = { ordering_key: `lane${incident}` };
    await intend(pool, incident, [effect(`l1-${incident}`, lane), effect(`l2-${incident}`, lane)]);
    expect((await takeDue(pool, 'steps', 10)).taken).toHaveLength(1);
    expect((await takeDue(pool, 'steps', 10)).taken).toHaveLength(0);
  });

  test('what takes the place of one that has to wait waits as long, however often it is replaced', async () => {
    const incident = await plainIncident(pool);
    const card = (n: number) =>
      effect(`c${incident}-${n}`, { kind: 'card.render', ordering_key: `c${incident}`, coalesce_key: `c${incident}` });
    await intend(pool, incident, [card(1)]);
    const held = (await claimHere()).find((each) => each.incident_id === incident);
    await intend(pool, incident, [card(2)]);
    await recordOutcome(verbs, { effect: held!, worker: 'w', outcome: retry('429', 30_000), pace_ms: 0 });
    await intend(pool, incident, [card(3)]);
    const all = await effectsOf(pool, `incident_id = ${incident}`);
    expect(all.map(({ state }) => state)).toEqual(['cancelled', 'pending']);
    expect(all[1]!.key).toContain(`c${incident}-3`);
    expect(all[1]!.due_at.getTime()).toBeGreaterThan(Date.now() + 25_000);
  });

  test('two processes never hand over the same effect in the same breath', async () => {
    const incident = await plainIncident(pool);
    await intend(
      pool,
      incident,
      Array.from({ length: 100 }, (_, n) => effect(`r${incident}-${n}`)),
    );
    const looks = await Promise.all(Array.from({ length: 8 }, () => takeDue(pool, 'steps', 20)));
    const taken = looks.flatMap((look) => look.taken.map((each) => each.id));
    expect(taken.length).toBeGreaterThanOrEqual(20);
    expect(new Set(taken).size).toBe(taken.length);
  });

  test('two workers never hold the same effect', async () => {
    const incident = await plainIncident(pool);
    await intend(pool, incident, [effect(`race${incident}`)]);
    const [handOver] = (await takeDue(pool, 'steps', 1)).taken;
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => claim(pool, handOver!.id, `w${n}`, 5000)));
    expect(all.filter((each) => each !== null)).toHaveLength(1);
  });

  test('what the transport refused is due again', async () => {
    const incident = await plainIncident(pool);
    await intend(pool, incident, [effect(`back${incident}`)]);
    const { taken } = await takeDue(pool, 'steps', 10);
    await takeBack(pool, taken);
    const again = await takeDue(pool, 'steps', 10);
    expect(again.taken.map(({ id }) => id)).toEqual(taken.map(({ id }) => id));
  });

  test('a lease that ran out is not renewed, and only known ones are', async () => {
    const incident = await plainIncident(pool);
    await intend(pool, incident, [effect(`x${incident}`), effect(`y${incident}`)]);
    const [x, y] = await claimHere('w', 60_000);
    await pool.query(`update effect set lease_until = now() - interval '1 second' where id = $1`, [x!.id]);
    expect((await renew(pool, 'w', [x!.id], 60_000)).map((row) => row.id)).toEqual([]);
    expect((await renew(pool, 'w', [x!.id, y!.id], 60_000)).map((row) => row.id)).toEqual([y!.id]);
    expect(await expireLeases(pool, [])).toBe(1);
    expect(await expireLeases(pool, ['w'])).toBe(1);
  });
});

describe('a post whose worker was killed', () => {
  test('is looked for only when the history of the channel can know of it; other work goes on at once', async () => {
    const incident = await plainIncident(pool);
    await intend(pool, incident, [
      effect(`post${incident}`, { kind: 'message.post', queue: 'chat' }),
      effect(`page${incident}`, { kind: 'pager.send', queue: 'pages' }),
    ]);
    await claimHere('killed', 60_000);
    expect(await expireLeases(pool, ['killed'])).toBe(2);
    const after = await effectsOf(pool, `incident_id = ${incident}`);
    const waits = after.map(({ key, due_at, unknown_since }) => [
      key.slice(0, 4),
      unknown_since === null ? null : due_at.getTime() - unknown_since.getTime() >= 2000,
    ]);
    expect(waits).toEqual([
      ['post', true],
      ['page', false],
    ]);
  });
});

describe('jobs that only touch the database', () => {
  const schedules = () => Promise.resolve({});

  test('do no harm when each is run twice', async () => {
    const incident = await declareIncident(verbs, by(), {
      title: 'Everything twice',
      severity: 'P0',
      service: null,
      channel: 'C1',
    });
    await requestRecovery(verbs, by(), incident.id, 'database');
    await startRun(
      verbs,
      by(),
      incident.id,
      plan('timed', [
        step('wait', { uses: 'wait', with: { duration: 0 } }),
        step('ask', { uses: 'approval', with: { approvers: ['database'], timeout: 1, on_timeout: 'fail' } }),
      ]),
    );
    await pool.query(`update effect set due_at = now() where incident_id = $1`, [incident.id]);
    const jobs: Job[] = [
      cadenceFire(verbs),
      escalationFire({ pool, verbs, estate: verbs.estate, schedules }),
      approvalExpire(verbs),
      stepWake({ pool, verbs, estate: verbs.estate }),
      recoveryAssess({ verbs, estate: verbs.estate, actions, redactor: createRedactor() }),
    ];
    const context = { signal: new AbortController().signal };
    for (const job of jobs) {
      const mine = (await effectsOf(
        pool,
        `incident_id = ${incident.id} and kind = '${job.kind}'`,
      )) as unknown as ClaimedEffect[];
      expect(mine.length).toBeGreaterThan(0);
      for (const each of mine) await job.run(each, context);
      const once = await everything(incident.id);
      for (const each of mine) await job.run(each, context);
      expect(await everything(incident.id), job.kind).toEqual(once);
    }
    expect(firstBroken(incident.id, await timelineOf(pool, incident.id))).toBeNull();
  });

  async function everything(incident: number): Promise<unknown> {
    const read = (sql: string) => pool.query(sql, [incident]).then(({ rows }) => rows as unknown);
    return Promise.all([
      read('select * from event where incident_id = $1 order by seq'),
      read('select key, state from effect where incident_id = $1 order by id'),
      read('select * from page where incident_id = $1 order by dedup_key'),
      read('select s.* from step s join run r on r.id = s.run_id where r.incident_id = $1 order by run_id, step_id'),
      read('select * from incident where id = $1'),
    ]);
  }
});
