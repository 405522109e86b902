import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stepWake } from '../../jobs/step-wake.ts';
import type { ClaimedEffect } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { planRunbook } from '../../src/domain/plan/plan.ts';
import { allSteps, findRun } from '../../src/store/run/runs.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aRunbook, aStep } from '../support/domain-fixtures.ts';
import { effectsOf, plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
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

/** Runs a runbook whose only step tells somebody, until that step's turn has come. */
async function tell(to: Record<string, string>) {
  const incident = await plainIncident(pool);
  const only = aStep('tell', { uses: 'notify', with: { ...to, message: 'All is well again' } });
  const runbooks = { announce: aRunbook('announce', { steps: [only] }) };
  const plan = planRunbook({ ...estate, runbooks }, 'announce', {});
  const run = await startRun(verbs, { key: `r${incident}`, actor: 'slack:U01ANA' }, incident, plan);
  const payload = { incident, run: run.id, plan: plan.digest, step: 'tell', attempt: 1 };
  const job = stepWake({ pool, verbs, estate: () => estate });
  const effect = { key: 'wake', kind: 'step.wake', payload } as ClaimedEffect<'step.wake'>;
  await job.run(effect, { signal: new AbortController().signal });
  const [step] = await allSteps(pool, run.id);
  const posts = await effectsOf(pool, `incident_id = ${incident} and payload->>'template' = 'step-notice'`);
  return { step: step!, run: (await findRun(pool, run.id))!, posts };
}

test('a notice to an audience that has no channel is a failed step that says so, and nothing is sent elsewhere', async () => {
  estate.audiences['press'] = { email: ['press@example.com'], status_page: false };
  const { step, run, posts } = await tell({ audience: 'press' });
  expect([step.state, run.state]).toEqual(['failed', 'paused']);
  expect(step.error).toMatch(/nobody was told: audience press has no channel in Slack/);
  expect(posts).toEqual([]);
});

test('so is one to an audience whose words need an approval', async () => {
  estate.audiences['buyers'] = { slack: '#buyers', email: [], status_page: false, consent: 'communications' };
  const { step, posts } = await tell({ audience: 'buyers' });
  expect(step.state).toBe('failed');
  expect(step.error).toMatch(/audience buyers reads needs the approval of communications/);
  expect(posts).toEqual([]);
});

test.each([{ audience: 'management' }, { audience: 'responders' }, { role: 'on-call' }, { channel: '#leadership' }])(
  'a notice to %j goes out',
  async (to) => {
    const { step, posts } = await tell(to);
    expect(step.state).toBe('succeeded');
    expect(posts).toHaveLength(1);
  },
);
