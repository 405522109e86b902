import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { incidentFacts } from '../../src/store/incident/incident-facts.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { requestRecovery } from '../../src/verbs/run/request-recovery.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { incidentCard } from '../../templates/incident-card.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { accept, readable } from '../support/messages.ts';
import { plan, step } from '../support/queue-plan.ts';
import { plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 10);
  estate = await smallEstate();
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function card(incident: number) {
  const found = await findIncident(pool, incident);
  if (!found) throw new Error('the incident is gone');
  return incidentCard(await incidentFacts(pool, estate, () => Promise.resolve({}), found));
}

test('a step that no worker of its site takes is shown on the card after half a minute, with what to do', async () => {
  const incident = await plainIncident(pool);
  const frozen = plan('far', [step('there', { uses: 'noop', with: {}, site: 'west' })]);
  await startRun({ pool, estate: () => estate }, { key: 'far', actor: 'slack:U01ANA' }, incident, frozen);
  expect(readable(await card(incident))).not.toContain('waits for a worker');
  await pool.query(`update effect set due_at = due_at - interval '31 seconds' where kind = 'step.run'`);
  const late = await card(incident);
  accept(late);
  expect(readable(late)).toMatch(/`there` waits for a worker of the site `west`.*`lifeboat worker --site west`/);
  await pool.query(`update effect set state = 'running' where kind = 'step.run'`);
  expect(readable(await card(incident))).not.toContain('waits for a worker');
});

test('a recovery that no worker looks at is shown too: it has no run yet that could tell', async () => {
  const incident = await plainIncident(pool);
  const verbs = { pool, estate: () => estate };
  await requestRecovery(verbs, { key: 'look', actor: 'slack:U01ANA' }, incident, 'database');
  await pool.query(`update effect set due_at = due_at - interval '31 seconds' where kind = 'recovery.assess'`);
  const late = await card(incident);
  accept(late);
  expect(readable(late)).toMatch(/`recover database` waits for a worker .*`lifeboat worker`$/m);
});
