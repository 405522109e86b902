import pg from 'pg';
import { stepRun } from '../jobs/step-run.ts';
import { parseEffect } from '../src/domain/effect/effect.ts';
import type { Estate, Step } from '../src/domain/estate/model.ts';
import { done } from '../src/domain/effect/outcome.ts';
import { withDigest } from '../src/domain/plan/plan.ts';
import type { Plan } from '../src/domain/run/model.ts';
import { createLog } from '../src/runtime/log.ts';
import type { Job } from '../src/ports/job.ts';
import { openTransport } from '../src/outbox/transport.ts';
import { startListener } from '../src/outbox/listener.ts';
import { startSweep } from '../src/outbox/sweep.ts';
import { startWorker } from '../src/outbox/worker.ts';
import { workerName } from '../src/outbox/worker-name.ts';
import { openPool } from '../src/postgres/db.ts';
import { migrate } from '../src/store/migrate.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { declareIncident } from '../src/verbs/incident/declare-incident.ts';
import { recordOutcome } from '../src/verbs/effect/record-outcome.ts';
import { startRun } from '../src/verbs/run/start-run.ts';
import { StepLedger } from '../src/verbs/run/step-ledger.ts';

/** When a step's action began and ended, in ms of performance.now(). */
export interface Timing {
  began: number;
  ended: number;
}

export interface Engine {
  incident(): Promise<number>;
  /** Runs plans at once, each in its incident, and resolves when the last step of each is in the database. */
  run(work: { incident: number; plan: Plan }[]): Promise<number>;
  /** Timings of all steps since the last call, by run name and step. */
  timings(): Map<string, Timing>;
  stop(): Promise<void>;
}

/** A chain of no-op steps, each needing the one before. */
export function chainPlan(name: string, length: number): Plan {
  const steps = Array.from({ length }, (_, index) => step(`s${index}`, index === 0 ? [] : [`s${index - 1}`], name));
  return withDigest({
    name,
    title: name,
    kind: 'runbook',
    target: name,
    inputs: {},
    services: [],
    rto: null,
    steps,
    finally: [],
  });
}

function step(id: string, needs: string[], run: string): Step {
  return {
    id,
    name: id,
    uses: 'noop',
    with: { at: `${run}/${id}` },
    needs,
    side_effect: 'none',
    timeout: 60_000,
    retry: { max_attempts: 1, interval: 0, backoff_factor: 1, max_interval: 0 },
    on_failure: 'pause',
    preconditions: [],
    postconditions: [],
  };
}

/** The real engine in this process: loops, BullMQ on PostgreSQL, leases, journal. Only Slack is left out. */
export async function startEngine(url: string, estate: Estate): Promise<Engine> {
  await migrate(url);
  const log = createLog({ level: 'error' });
  const pool: pg.Pool = openPool(url, 15, () => undefined);
  const listener = startListener(url, log);
  const transport = await openTransport({ databaseUrl: url, listener, onError: () => undefined });
  const verbs: VerbDeps = { pool, estate: () => estate };
  let timings = new Map<string, Timing>();
  let open = 0;
  let finished = (): void => undefined;
  const noop = {
    name: 'noop',
    run: (input: { at?: unknown }) => {
      const began = performance.now();
      timings.set(String(input.at), { began, ended: performance.now() });
      return Promise.resolve(done(null));
    },
  };
  const steps = stepRun({ pool, estate: () => estate, actions: { noop }, ledger: new StepLedger(verbs) });
  const counted: Job<'step.run'> = {
    ...steps,
    async settle(effect, outcome, continuation) {
      const claimed = (await steps.settle?.(effect, outcome, continuation)) ?? [];
      open -= 1;
      if (open === 0) finished();
      return claimed;
    },
  };
  const worker = startWorker({
    ...{ pools: { engine: pool, urgent: pool }, transport, listener, jobs: [counted], log },
    drillJobs: () => [],
    queues: ['steps'],
    name: workerName(),
    parse: parseEffect,
    record: (report) => recordOutcome(verbs, report),
    observe: () => undefined,
  });
  verbs.continuation = worker.continuation;
  const sweep = startSweep(pool, log);
  let requests = 0;
  const request = () => ({ key: `bench:${(requests += 1)}`, actor: 'slack:U01ANA' });
  return {
    async incident() {
      const input = { title: 'bench', severity: 'P3' as const, service: null, channel: null };
      return (await declareIncident(verbs, request(), input)).id;
    },
    async run(work) {
      open = work.reduce((sum, each) => sum + each.plan.steps.length, 0);
      const all = new Promise<void>((resolve) => (finished = resolve));
      const started = performance.now();
      await Promise.all(work.map(({ incident, plan }) => startRun(verbs, request(), incident, plan)));
      await all;
      return performance.now() - started;
    },
    timings() {
      const seen = timings;
      timings = new Map();
      return seen;
    },
    async stop() {
      await sweep.stop();
      await worker.stop(1000);
      await transport.stop();
      await listener.stop();
      await pool.end();
    },
  };
}
