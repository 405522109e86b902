import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { stepRun } from '../../jobs/step-run.ts';
import { actions } from '../../src/actions/index.ts';
import { done, unknown } from '../../src/domain/effect/outcome.ts';
import { startPostgres } from '@lifeboat/embedded-postgres/start-postgres';
import { migrate } from '../../src/store/migrate.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { StepLedger } from '../../src/verbs/run/step-ledger.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { temporaryHome } from '../support/embedded-postgres.ts';
import { spawnProgram } from '../support/process.ts';
import { plan, sh, step } from '../support/queue-plan.ts';
import {
  effect,
  effectsOf,
  gate,
  intend,
  launch,
  noting,
  plainIncident,
  smallEstate,
  testPool,
  untilDone,
  type Boat,
} from '../support/queue-world.ts';
import { redisAvailable, startRedis } from '../support/redis.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const CHILD = fileURLToPath(new URL('../support/worker-child.ts', import.meta.url));

let database: TestDatabase;
let pool: pg.Pool;
let incident: number;
const boats: Boat[] = [];
const last: (() => unknown)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  incident = await plainIncident(pool);
});
afterEach(async () => {
  await Promise.all(boats.splice(0).map((boat) => boat.stop(100)));
  for (const each of last.splice(0)) await each();
  await pool.end();
  await database.drop();
});

async function start(options: Parameters<typeof launch>[0]): Promise<Boat> {
  const boat = await launch(options);
  boats.push(boat);
  return boat;
}

test('a worker that was killed with -9 on this machine is followed within two seconds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-kill-'));
  last.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'begun');
  const estate = await smallEstate();
  const verbs = { pool, estate: () => estate };
  const child = spawnProgram(CHILD, [database.url, '-']);
  onTestFinished(() => child.killTree());
  await child.line(/^ready/);
  const run = plan('killed', [step('long', sh(`echo begun >> ${file}; test $(wc -l < ${file}) -ge 2 || sleep 30`))]);
  await startRun(verbs, { key: 'go', actor: 'slack:U01ANA' }, incident, run);
  const job = stepRun({ pool, estate: verbs.estate, actions, ledger: new StepLedger(verbs) });
  await waitFor('the step to begin', () => existsSync(file));
  await start({ url: database.url, jobs: [job], verbs, queues: { steps: 2 } });
  await child.killTree();
  const killed = performance.now();
  await waitFor('the step to begin again', () => readFileSync(file, 'utf8').trim().split('\n').length === 2);
  expect(performance.now() - killed).toBeLessThan(2000);
  await waitFor('the step to be done', async () => (await effectsOf(pool, `kind = 'step.run'`))[0]?.state === 'done');
});

test('a worker that cannot renew calls its work back before the lease runs out', async () => {
  const proxy = await startTcpProxy({ port: Number(new URL(database.url).port) });
  last.push(() => proxy.stop());
  let reason: unknown;
  const job = noting(
    'message.post',
    [],
    (_each, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          resolve(unknown('called back'));
        });
      }),
  );
  await start({ url: database.url, workerUrl: proxy.through(database.url), jobs: [job] });
  await intend(pool, incident, [effect('held')]);
  await waitFor('it to run', async () => (await effectsOf(pool))[0]?.state === 'running');
  proxy.blackhole();
  await waitFor('the call back', () => reason, { timeoutMs: 16_000 });
  const left = await pool.query<{ ms: number }>(
    `select (extract(epoch from lease_until - clock_timestamp()) * 1000)::integer as ms from effect where state = 'running'`,
  );
  expect(String(reason)).toContain('the lease was lost');
  expect(left.rows[0]!.ms).toBeGreaterThan(2500);
  proxy.restore();
});

describe.skipIf(!redisAvailable())('when Redis', () => {
  test('is restarted, and when it was killed, everything is done once by record', async () => {
    const redis = await startRedis();
    last.push(() => redis.stop());
    const notes: string[] = [];
    await start({ url: database.url, redisUrl: redis.url, jobs: [noting('message.post', notes)] });
    await intend(pool, incident, [effect('before')]);
    await untilDone(pool);
    for (const kill of [false, true]) {
      const batch = Array.from({ length: 15 }, (_, n) => effect(`${kill ? 'k' : 's'}${n}`));
      await redis.restart({ kill, whileDown: () => intend(pool, incident, batch) });
      const back = performance.now();
      await untilDone(pool);
      expect(performance.now() - back).toBeLessThan(5000);
    }
    expect(new Set(notes).size).toBe(31);
    expect(notes.length).toBe(31);
  });

  test('was away for long, pages go out within five seconds of its return', async () => {
    const redis = await startRedis();
    last.push(() => redis.stop());
    const notes: string[] = [];
    await start({ url: database.url, redisUrl: redis.url, jobs: [noting('pager.send', notes)] });
    await redis.restart({
      whileDown: async () => {
        await intend(pool, incident, [effect('page', { kind: 'pager.send', queue: 'pages' })]);
        const since = performance.now();
        await waitFor('a long outage', () => performance.now() - since > 9000, { timeoutMs: 12_000 });
      },
    });
    const back = performance.now();
    await untilDone(pool);
    expect(performance.now() - back).toBeLessThan(5000);
    expect((await effectsOf(pool))[0]!.handovers).toBeLessThan(4);
  });
});

test('PostgreSQL restarted under it: what was pending, and what was running, is done once by record', async () => {
  const home = temporaryHome();
  let server = await startPostgres({ home });
  last.push(() => server.stop());
  await migrate(server.url);
  const own = testPool(server.url);
  last.unshift(() => own.end());
  const mine = await plainIncident(own);
  const notes: string[] = [];
  const barrier = gate();
  const job = noting('message.post', notes, async (each) => {
    if (each.key.startsWith('running')) await barrier.opened;
    return done({ skipped: each.key });
  });
  await start({ url: server.url, jobs: [job] });
  const some = (name: string) => Array.from({ length: 4 }, (_, n) => effect(`${name}${n}`));
  await intend(own, mine, some('running'));
  await waitFor('all workers to be busy', () => notes.length === 4);
  await intend(own, mine, some('waiting'));
  await intend(own, mine, [effect('timer', { queue: 'timers', due_at: new Date(Date.now() + 1500) })]);
  await server.stop();
  barrier.open();
  server = await startPostgres({ home, port: server.port });
  const back = performance.now();
  await untilDone(own, 'all to be done', 20_000);
  expect(performance.now() - back).toBeLessThan(8000);
  expect(notes.toSorted()).toEqual(
    [...some('running'), ...some('waiting'), effect('timer')].map((each) => each.key).toSorted(),
  );
  const records = await own.query(`select key from effect where state = 'done' and result->>'skipped' = key`);
  expect(records.rowCount).toBe(9);
});
