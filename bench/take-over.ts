import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import { withDigest } from '../src/domain/plan/plan.ts';
import { openPool } from '../src/postgres/db.ts';
import { migrate } from '../src/store/migrate.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { declareIncident } from '../src/verbs/incident/declare-incident.ts';
import { startRun } from '../src/verbs/run/start-run.ts';
import type { BenchServer } from './server.ts';
import { round, spread } from './stats.ts';
import { startProgram, startSurroundings, type Program } from './world.ts';

/** So many processes want a processor meanwhile. */
const LOAD = 10;
const KILLS = 10;
const LIMIT_MS = 60_000;

/** From kill -9 of the worker that runs a step to the moment when the step begins again on the other one. */
export async function benchTakeOver(server: BenchServer, estate: Estate, scale: number) {
  const world = await startSurroundings();
  const folder = await mkdtemp(join(tmpdir(), 'lifeboat-bench-'));
  const url = await server.database('bench_take_over');
  await migrate(url);
  const pool = openPool(url, 5, () => undefined);
  const verbs: VerbDeps = { pool, estate: () => estate };
  const env = { ...world.env, DATABASE_URL: url };
  const start = (): Promise<Program> => startProgram(['dist/src/cli.js', 'worker'], env, '/readyz');
  const workers = [await start(), await start()];
  const load = Array.from({ length: LOAD }, () => spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' }));
  try {
    const input = { title: 'Bench', severity: 'P3' as const, service: null, channel: null };
    const incident = await declareIncident(verbs, { key: 'bench', actor: 'slack:U01ANA' }, input);
    const gaps: number[] = [];
    for (let n = 0; n < Math.ceil(KILLS * scale); n += 1) {
      const file = join(folder, String(n));
      await startRun(
        verbs,
        { key: `bench:${n}`, actor: 'slack:U01ANA' },
        incident.id,
        planThatTells(`kill-${n}`, file),
      );
      const [holder = 0] = await begins(file, 1);
      const victim = workers.findIndex(({ pid }) => pid === holder);
      const killed = Date.now();
      process.kill(holder, 'SIGKILL');
      await begins(file, 2);
      gaps.push((lines(file)[1]?.at ?? 0) - killed);
      workers[victim === -1 ? 0 : victim] = await start();
      writeFileSync(`${file}-go`, '');
      await quiet(pool);
    }
    return { load: LOAD, again: spread(gaps.map((gap) => round(gap, 0))), target: 'max <= 5000 ms' };
  } finally {
    for (const busy of load) busy.kill('SIGKILL');
    await Promise.all(workers.map((worker) => worker.stop()));
    await pool.end();
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run of one step that says when it begins and by which worker, and ends when its file `…-go` is there. */
function planThatTells(name: string, file: string) {
  const script = `echo "$(date +%s%3N) $PPID" >> "$0"; until [ -e "$0-go" ]; do sleep 0.2; done`;
  return withDigest({
    name,
    title: name,
    kind: 'runbook',
    target: name,
    inputs: {},
    services: [],
    rto: null,
    steps: [
      {
        id: 'tell',
        name: 'tell',
        uses: 'command',
        with: { run: ['/bin/sh', '-c', script, file] },
        needs: [],
        side_effect: 'idempotent',
        timeout: LIMIT_MS,
        retry: { max_attempts: 5, interval: 0, backoff_factor: 1, max_interval: 0 },
        on_failure: 'pause',
        preconditions: [],
        postconditions: [],
      },
    ],
    finally: [],
  });
}

const lines = (file: string): { at: number; worker: number }[] =>
  (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []).map((line) => {
    const [at = 0, worker = 0] = line.split(' ').map(Number);
    return { at, worker };
  });

/** Waits for so many beginnings; the worker of each. */
async function begins(file: string, count: number): Promise<number[]> {
  const deadline = Date.now() + LIMIT_MS;
  while (lines(file).length < count) {
    if (Date.now() > deadline) throw new Error(`the step did not begin ${count} times within ${LIMIT_MS} ms`);
    await new Promise((done) => setTimeout(done, 20));
  }
  return lines(file).map(({ worker }) => worker);
}

/** Waits until no step is under way. */
async function quiet(pool: pg.Pool): Promise<void> {
  const open = `select 1 from effect where kind = 'step.run' and state in ('pending', 'queued', 'running') limit 1`;
  const deadline = Date.now() + LIMIT_MS;
  while ((await pool.query(open)).rowCount !== 0) {
    if (Date.now() > deadline) throw new Error(`the step did not end within ${LIMIT_MS} ms`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
