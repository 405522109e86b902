import { afterAll, beforeAll, expect, test } from 'vitest';
import type pg from 'pg';
import { incidentFacts } from '../../src/store/incident/incident-facts.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plan, step } from '../support/queue-plan.ts';
import { plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 4);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('a card reads nothing of what the steps of its runs returned', async () => {
  const id = await plainIncident(pool);
  const made = plan(
    'long',
    Array.from({ length: 60 }, (_, n) => step(`s${n + 1}`)),
  );
  await pool.query('insert into plan (digest, body) values ($1, $2)', [made.digest, JSON.stringify(made)]);
  await pool.query(
    `insert into run (incident_id, plan_digest, name, requested_by, state, remaining, started_at, finished_at)
     select $1, $2, 'long', 'slack:U1', 'succeeded', 0, now(), now() from generate_series(1, 20) n`,
    [id, made.digest],
  );
  await pool.query(
    `insert into step (run_id, step_id, ord, phase, state, waiting, output, finished_at)
     select r.id, 's' || n, n, 'main', 'succeeded', 0, jsonb_build_object('stdout', repeat('returned ', 2000)), now()
     from run r, generate_series(1, 60) n`,
  );
  const incident = await findIncident(pool, id);
  const facts = await incidentFacts(pool, await smallEstate(), () => Promise.resolve({}), incident!);
  expect(facts.runs).toHaveLength(20);
  expect(facts.runs[0]!.finished).toHaveLength(60);
  const text = JSON.stringify(facts.runs.map(({ finished, live, counts }) => ({ finished, live, counts })));
  expect(text).not.toContain('returned');
  expect(text.length).toBeLessThan(500_000);
});

test('reads all of it on one connection, and gives that back, also when a read fails', async () => {
  const id = await plainIncident(pool);
  const incident = await findIncident(pool, id);
  const own = testPool(database.url, 4);
  try {
    await incidentFacts(own, await smallEstate(), () => Promise.resolve({}), incident!);
    expect(own.totalCount).toBe(1);
    await expect(
      incidentFacts(own, await smallEstate(), () => Promise.resolve({}), { ...incident!, id: Number.NaN }),
    ).rejects.toThrow();
    await incidentFacts(own, await smallEstate(), () => Promise.resolve({}), incident!);
    expect(own.idleCount).toBe(own.totalCount);
  } finally {
    await own.end();
  }
});
