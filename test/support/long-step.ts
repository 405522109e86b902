import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { done } from '../../src/domain/effect/outcome.ts';
import type { StepRow } from '../../src/domain/run/model.ts';
import type { WritePatience } from '../../src/outbox/until-written.ts';
import type { Action } from '../../src/ports/action.ts';
import { allSteps } from '../../src/store/run/runs.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase } from './database.ts';
import { plan, runJobs, step } from './queue-plan.ts';
import { launch, plainIncident, smallEstate, testPool } from './queue-world.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { waitFor } from './wait-for.ts';

export interface LongStep {
  /** How long the once-step works, in ms; then the database goes away. */
  works_ms: number;
  /** How long the database is away, in ms. */
  away_ms: number;
  patience?: WritePatience;
}

/** A once-step that succeeds just as its worker loses the database; returns the row and how often it acted. */
export async function longStep({ works_ms, away_ms, patience }: LongStep): Promise<{ row: StepRow; acted: number }> {
  const database = await createTestDatabase();
  const proxy = await startTcpProxy({ port: Number(new URL(database.url).port) });
  const [pool, through] = [testPool(database.url), testPool(proxy.through(database.url))];
  through.on('connect', (client) => client.on('error', () => undefined));
  let acted = 0;
  const slow: Action = {
    name: 'noop',
    async run() {
      acted += 1;
      await sleep(works_ms);
      proxy.cut();
      setTimeout(() => proxy.restore(), away_ms);
      return done({ restored: true });
    },
  };
  const estate = await smallEstate();
  const verbs = { pool: through, estate: () => estate };
  const boat = await launch({
    ...{ url: database.url, workerUrl: proxy.through(database.url), verbs },
    jobs: runJobs(through, verbs, { ...actions, noop: slow }),
    ...(patience && { patience }),
  });
  boat.pool.on('connect', (client) => client.on('error', () => undefined));
  onTestFinished(async () => {
    await boat.stop(100);
    await Promise.all([through.end(), pool.end()]);
    await proxy.stop();
    await database.drop();
  });
  const incident = await plainIncident(pool);
  const work = step('restore', { uses: 'noop', with: {}, side_effect: 'once', timeout: 120_000 });
  const run = await startRun({ ...verbs, pool }, { key: 'go', actor: 'slack:U01ANA' }, incident, plan('long', [work]));
  const row = await waitFor(
    'the step to be over',
    async () => (await allSteps(pool, run.id)).find((each) => each.finished_at !== null),
    { timeoutMs: works_ms + 30_000 },
  );
  return { row, acted };
}
