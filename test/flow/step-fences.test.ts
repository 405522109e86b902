import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Claimant, ClaimedRow, EffectIntent } from '../../src/domain/effect/effect.ts';
import { done } from '../../src/domain/effect/outcome.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { PlanStep } from '../../src/domain/run/model.ts';
import { expireLeases } from '../../src/outbox/sql/effects.ts';
import { allSteps } from '../../src/store/run/runs.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { recordOutcome } from '../../src/verbs/effect/record-outcome.ts';
import { resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { controlRun } from '../../src/verbs/run/control-run.ts';
import { recordStepResults } from '../../src/verbs/run/record-step-results.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plan, sh, step } from '../support/queue-plan.ts';
import {
  effect,
  effectsOf,
  intend,
  launch,
  noting,
  plainIncident,
  smallEstate,
  testPool,
  claimAll,
} from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let incident: number;
let requests = 0;

const by = () => ({ key: `r${(requests += 1)}`, actor: 'slack:U01ANA' });
const ME = 'me';
const claimant: Claimant = { worker: ME, lease_ms: 15_000, accepts: () => false };

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  estate = await smallEstate();
  verbs = { pool, estate: () => estate };
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query(`update effect set state = 'cancelled' where state in ('pending', 'queued', 'running')`);
  incident = await plainIncident(pool);
});

const begin = (steps: PlanStep[], deps = verbs) => startRun(deps, by(), incident, plan(`p${requests}`, steps));

/** The step's effect as this worker holds it. */
async function claimed(kind = 'step.run', limit = 500): Promise<ClaimedRow> {
  const mine = (await claimAll(pool, { worker: ME, lease_ms: 15_000, limit })).find((each) => each.kind === kind);
  if (mine) return mine;
  throw new Error(`nothing of kind ${kind} is due`);
}

/** The same effect once more: the lease ran out, and the same process claimed it again. */
async function reclaimed(kind?: string): Promise<[lost: ClaimedRow, held: ClaimedRow]> {
  const lost = await claimed(kind);
  await pool.query(`update effect set lease_until = clock_timestamp() - interval '1 second' where id = $1`, [lost.id]);
  await expireLeases(pool, []);
  await pool.query('update effect set due_at = clock_timestamp() where id = $1', [lost.id]); // Slack's history lags
  return [lost, await claimed(kind)];
}

const reportOf = (run: { id: number; plan_digest: string }, held: ClaimedRow) => ({
  ...{ effect: held, incident, run: run.id, plan: run.plan_digest, step: 'a', attempt: 1 },
  result: { kind: 'succeeded' as const, output: `fence ${held.fence}` },
});

describe('one process that loses an effect and claims it again', () => {
  test('does not write the result of its lost attempt of a step', async () => {
    const run = await begin([step('a')]);
    const [lost, held] = await reclaimed();
    expect([held.fence, held.left_by]).toEqual([lost.fence + 1, [ME]]);
    await recordStepResults(verbs, [reportOf(run, lost)], claimant);
    expect(await allSteps(pool, run.id)).toMatchObject([{ state: 'running' }]);
    await recordStepResults(verbs, [reportOf(run, held)], claimant);
    expect(await allSteps(pool, run.id)).toMatchObject([{ state: 'succeeded', output: 'fence 2', happened: true }]);
  });

  test('does not write the outcome of its lost attempt of anything else', async () => {
    await intend(pool, incident, [effect(`post ${incident}`)]);
    const [lost, held] = await reclaimed('message.post');
    const report = (of: ClaimedRow) => ({ effect: of, worker: ME, outcome: done(null), pace_ms: 0, after: undefined });
    expect(await recordOutcome(verbs, report(lost))).toBe('stale');
    expect(await recordOutcome(verbs, report(held))).toBe('done');
  });
});

describe('a step that the process takes over for itself', () => {
  const continuation = (begun: { effects: ClaimedRow[]; since: number }[]) => ({
    ...claimant,
    accepts: (intent: EffectIntent) => intent.kind === 'step.run',
    begin: (effects: ClaimedRow[], since: number) => void begun.push({ effects, since }),
  });

  test('does not begin when its transaction fails at the commit', async () => {
    const begun: { effects: ClaimedRow[]; since: number }[] = [];
    await atCommitOf('run', `raise exception 'no commit today'`, async () => {
      await expect(begin([step('a')], { ...verbs, continuation: continuation(begun) })).rejects.toThrow(
        'no commit today',
      );
    });
    expect(begun).toEqual([]);
  });

  test('has its lease counted from before a slow commit, as the database counts it', async () => {
    const begun: { effects: ClaimedRow[]; since: number }[] = [];
    await atCommitOf('run', 'perform pg_sleep(0.5); return null', () =>
      begin([step('a')], { ...verbs, continuation: continuation(begun) }),
    );
    const [{ since, effects } = { since: Infinity, effects: [] }] = begun;
    expect(effects).toHaveLength(1);
    const { rows } = await pool.query<{ ms: string }>(
      `select extract(epoch from lease_until - clock_timestamp()) * 1000 as ms from effect where state = 'running'`,
    );
    expect(claimant.lease_ms - (performance.now() - since)).toBeLessThanOrEqual(Number(rows[0]!.ms));
  });

  test('goes back unbegun when the commit took longer than the lease can be relied on', async () => {
    const begun: string[] = [];
    const boat = await launch({ url: database.url, jobs: [noting('step.run', begun)], queues: {}, name: ME });
    try {
      await begin([step('a')]);
      const taken = await claimed();
      boat.worker.continuation.begin([taken], performance.now() - 10_000);
      const state = () => effectsOf(pool, `id = ${taken.id}`);
      await waitFor('it to go back', async () => (await state())[0]?.state === 'pending');
      expect([begun, (await state())[0]?.unknown_since]).toEqual([[], null]);
    } finally {
      await boat.stop(100);
    }
  });

  test('is one of a queue that this process serves: a step of another site is left to that site', async () => {
    const boat = await launch({ url: database.url, jobs: [noting('step.run', [])], queues: { steps: 1 } });
    try {
      const ready = (more: Partial<EffectIntent>) => effect('s', { kind: 'step.run', queue: 'steps', ...more });
      expect(boat.worker.continuation.accepts(ready({}))).toBe(true);
      expect(boat.worker.continuation.accepts(ready({ site: 'west' }))).toBe(false);
    } finally {
      await boat.stop(100);
    }
  });
});

test.each([
  ['once', 'on'],
  ['idempotent', 'off'],
] as const)('the result of a step that is %s waits for the disk: %s', async (side_effect, expected) => {
  const run = await begin([step('a', { side_effect }), step('b')]);
  const held = await claimed();
  const noted = `insert into noted values (current_setting('synchronous_commit')); return null`;
  await pool.query('create table noted (setting text)');
  try {
    await atCommitOf('step', noted, () => recordStepResults(verbs, [reportOf(run, held)], claimant));
    expect((await pool.query('select distinct setting from noted')).rows).toEqual([{ setting: expected }]);
  } finally {
    await pool.query('drop table noted');
  }
});

/** Runs `act` while each transaction that wrote to the table does `body` at its commit. */
async function atCommitOf(table: string, body: string, act: () => Promise<unknown>): Promise<void> {
  await pool.query(`create function at_commit() returns trigger language plpgsql as $$ begin ${body}; end $$`);
  await pool.query(
    `create constraint trigger at_commit after insert or update on ${table} deferrable initially deferred
     for each row execute function at_commit()`,
  );
  try {
    await act();
  } finally {
    await pool.query('drop function at_commit() cascade');
  }
}

test('a replica leaves an effect of a kind that it does not know to those who do', async () => {
  const [known, notes]: [string[], string[]] = [[], []];
  const old = await launch({ url: database.url, jobs: [noting('channel.topic', known)], name: 'old' });
  try {
    await intend(pool, incident, [effect(`new kind ${incident}`)]);
    const row = async () => (await effectsOf(pool, `key = 'new kind ${incident}'`))[0];
    await waitFor('it to be handed over', async () => ((await row())?.handovers ?? 0) >= 1);
    await intend(pool, incident, [effect(`known kind ${incident}`, { kind: 'channel.topic' })]);
    await waitFor('the old replica to have met both', () => known.length === 1);
    expect(await row()).toMatchObject({ state: 'queued', fence: 0, attempts: 0, worker: null });
    await old.stop(100);
    await pool.query(`update effect set queued_at = now() - interval '1 minute' where state = 'queued'`);
    const newer = await launch({ url: database.url, jobs: [noting('message.post', notes)] });
    await waitFor('the new replica to do it', () => notes.length === 1).finally(() => newer.stop(100));
  } finally {
    await old.stop(100);
  }
});

test('an incident with a live run is not resolved, and the run is found, however many came after it', async () => {
  await begin([step('a')]);
  await pool.query(
    `insert into run (incident_id, plan_digest, name, requested_by, state, remaining, started_at, finished_at)
     select incident_id, plan_digest, 'r' || n, requested_by, 'succeeded', 0, now(), now()
     from run, generate_series(1, 50) n where incident_id = $1`,
    [incident],
  );
  await expect(resolveIncident(verbs, by(), incident, 'mended')).rejects.toThrow(/still running/);
  const aborted = await controlRun(verbs, by(), incident, null, { kind: 'abort', reason: 'enough' });
  expect(aborted.ending).toBe('aborted');
});

test('a pause takes back what no worker has begun, and the same attempts begin when the run goes on', async () => {
  const run = await begin([step('a', sh('true')), step('b', sh('true'))]);
  const held = await claimed('step.run', 1);
  const under = held.payload['step'] === 'a' ? 'a' : 'b';
  const other = under === 'a' ? 'b' : 'a';
  await controlRun(verbs, by(), incident, run.id, { kind: 'pause', reason: 'wait' });
  const states = async () => Object.fromEntries((await allSteps(pool, run.id)).map((row) => [row.step_id, row.state]));
  expect(await states()).toEqual({ [under]: 'running', [other]: 'ready' });
  expect(await effectsOf(pool, `kind = 'step.run' and state in ('pending', 'queued')`)).toEqual([]);
  await controlRun(verbs, by(), incident, run.id, { kind: 'resume', reason: null });
  expect(await effectsOf(pool, `kind = 'step.run' and state = 'pending'`)).toMatchObject([
    { key: `step:${run.id}:${other}:1` },
  ]);
});
