import type pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHousekeeping } from '../../src/outbox/housekeeping.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, testPool } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
let pool: pg.Pool;
const ids: Record<'open' | 'resolved' | 'fresh' | 'closed' | 'busy', number> = {
  open: 0,
  resolved: 0,
  fresh: 0,
  closed: 0,
  busy: 0,
};

const keys = async (text: string): Promise<string[]> =>
  (await pool.query<{ key: string }>(text)).rows.map(({ key }) => key).sort();
const effects = (): Promise<string[]> => keys('select key from effect');

async function close(incident: number, ago: string): Promise<void> {
  await pool.query(
    `update incident set state = 'closed', resolved_at = now() - $2::interval, closed_at = now() - $2::interval where id = $1`,
    [incident, ago],
  );
}

const add = (key: string, incident: number, state: string, ago: string, more = 'null') =>
  pool.query(
    `insert into effect (key, kind, queue, incident_id, payload, due_at, created_at, state, finished_at, coalesce_key)
     values ($1, 'message.post', 'chat', $2, '{}', now(), now() - $4::interval, $3,
             case when $3 in ('done', 'failed', 'unknown') then now() - $4::interval end, ${more})`,
    [key, incident, state, ago],
  );

async function addRun(incident: number, name: string, finished: string | null): Promise<void> {
  await pool.query(`insert into plan (digest, body) values ($1, '{}') on conflict do nothing`, [name]);
  await pool.query(
    `with r as (insert into run (incident_id, plan_digest, name, requested_by, state, remaining, started_at, finished_at)
       values ($1, $2, $2, 'slack:U1', 'running', 1, now(), now() - $3::interval) returning id),
     s as (insert into step (run_id, step_id, ord, phase, state, waiting, output)
       select id, 's', 0, 'main', 'succeeded', 0, '{"a": 1}' from r)
     insert into step_output (run_id, step_id, attempt, stream, text) select id, 's', 1, 'stdout', $2 from r`,
    [incident, name, finished],
  );
}

/** Runs the loop until it has walked over everything once. */
async function keepHouse(): Promise<void> {
  const said: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void said.push(line) });
  await pool.query(
    `insert into lane (key, paced_until) values ('over', now() - interval '1 hour') on conflict do nothing`,
  );
  const house = startHousekeeping(pool, log, { every_ms: 1, pause_ms: 0 });
  await waitFor('a walk', () => said.length > 0);
  await house.stop();
  expect(said.join('')).toContain('history deleted');
}

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 4);
  for (const name of ['open', 'resolved', 'fresh', 'closed', 'busy'] as const) ids[name] = await plainIncident(pool);
  await pool.query(`update incident set state = 'resolved', resolved_at = now() - interval '2 years' where id = $1`, [
    ids.resolved,
  ]);
  await close(ids.fresh, '1 day');
  await close(ids.closed, '1 year');
  await close(ids.busy, '1 year');
  await addRun(ids.busy, 'still running', null);
  await addRun(ids.closed, 'over for long', '1 year');
  await addRun(ids.open, 'over in an open incident', '2 days');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('what is over is deleted, and nothing that anybody still needs', async () => {
  for (const name of ['open', 'resolved', 'fresh', 'busy'] as const)
    for (const state of ['done', 'failed', 'unknown', 'cancelled', 'pending'])
      await add(`${name}:${state}`, ids[name], state, '1 year');
  for (const state of ['done', 'failed', 'unknown', 'cancelled'])
    await add(`closed:${state}`, ids.closed, state, '1 year');
  await add('closed:pending', ids.closed, 'pending', '1 year');
  await add('closed:late', ids.closed, 'done', '1 day');
  await add('card@1', ids.open, 'done', '2 days', `'card'`);
  await add('card@2', ids.open, 'done', '1 hour', `'card'`);
  const before = await effects();
  await keepHouse();
  const gone = ['card@1', ...['done', 'failed', 'unknown', 'cancelled'].map((state) => `closed:${state}`)];
  expect(await effects()).toEqual(before.filter((key) => !gone.includes(key)));
  expect(await keys('select text as key from step_output')).toEqual(['over in an open incident', 'still running']);
  expect(await keys(`select r.name as key from step s join run r on r.id = s.run_id where s.output is null`)).toEqual([
    'over for long',
  ]);
  expect(await keys('select key from lane')).toEqual([]);
  expect(await keys('select name as key from run')).toHaveLength(3);
});

test('deciding twice intends once for as long as the incident lives', async () => {
  await add('once', ids.open, 'done', '2 years');
  await add('bait', ids.closed, 'done', '1 year');
  await keepHouse();
  expect(await effects()).toContain('once');
  await expect(add('once', ids.open, 'pending', '0')).rejects.toMatchObject({ code: '23505' });
});

test('a history of many batches is deleted by two loops that do not disturb each other', async () => {
  await pool.query(
    `insert into effect (key, kind, queue, incident_id, payload, due_at, state, finished_at)
     select 'many:' || n, 'step.run', 'steps', $1, '{}', now(), 'done', now() - interval '1 year' from generate_series(1, 5500) n`,
    [ids.closed],
  );
  const silent = pino({ level: 'silent' });
  const houses = [1, 2].map(() => startHousekeeping(pool, silent, { every_ms: 1, pause_ms: 0 }));
  await waitFor('all to be gone', async () => (await effects()).every((key) => !key.startsWith('many:')));
  await Promise.all(houses.map((house) => house.stop()));
});
