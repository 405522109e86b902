import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stepRun } from '../../jobs/step-run.ts';
import { runsOf } from '../../src/store/run/runs.ts';
import { controlRun } from '../../src/verbs/run/control-run.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { StepLedger } from '../../src/verbs/run/step-ledger.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plan, sh, step } from '../support/queue-plan.ts';
import { claimAll, launch, plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeEach(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

test.each([
  ['was never begun', false],
  ['was under way when the site was lost', true],
])('a run whose step %s can be aborted though no worker of its site lives', async (_words, begun) => {
  const incident = await plainIncident(pool);
  const estate = await smallEstate();
  const verbs = { pool, estate: () => estate };
  const person = (key: string) => ({ key, actor: 'slack:U01ANA' });
  await startRun(verbs, person('go'), incident, plan('lost', [{ ...step('there', sh('true')), site: 'lost' }]));
  if (begun) {
    const claimed = await claimAll(pool, { worker: 'machine/without/power/1', lease_ms: 1500, sites: ['lost'] });
    expect(claimed.map(({ kind }) => kind)).toContain('step.run');
  }
  const job = stepRun({ pool, estate: verbs.estate, actions: {}, ledger: new StepLedger(verbs) });
  const boat = await launch({ url: database.url, jobs: [job], verbs, queues: { timers: 1 } });
  try {
    await controlRun(verbs, person('stop'), incident, null, { kind: 'abort', reason: 'the site is gone' });
    await expect
      .poll(async () => (await runsOf(pool, incident)).map(({ state }) => state), { timeout: 8000 })
      .toEqual(['aborted']);
  } finally {
    await boat.stop(100);
  }
});
