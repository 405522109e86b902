import pg from 'pg';
import { expect, test } from 'vitest';
import { renew } from '../../src/outbox/sql/effects.ts';
import { createTestDatabase } from '../support/database.ts';
import { plainIncident, testPool } from '../support/queue-world.ts';

test('an effect that somebody keeps locked costs no other its lease, and is not called lost', async () => {
  const database = await createTestDatabase();
  const pool = testPool(database.url);
  const locker = new pg.Client({ connectionString: database.url });
  await locker.connect();
  try {
    const incident = await plainIncident(pool);
    const { rows } = await pool.query<{ id: string }>(
      `insert into effect (key, kind, queue, incident_id, payload, due_at, state, fence, worker, lease_until, started_at)
       select key, 'step.run', 'steps', $1, '{}', now(), 'running', 1, 'me', now() + left_s * interval '1 second', now()
       from (values ('locked', 5), ('free', 5), ('lost', -5)) as x(key, left_s) returning id`,
      [incident],
    );
    const [locked, free, lost] = rows.map(({ id }) => id);
    await locker.query('begin');
    await locker.query('select from effect where id = $1 for update', [locked]);
    const began = performance.now();
    const answer = await renew(pool, 'me', [locked!, free!, lost!], 60_000);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(new Map(answer.map((each) => [each.id, each.renewed]))).toEqual(
      new Map([
        [locked, false],
        [free, true],
      ]),
    );
    const left = await pool.query(`select key from effect where lease_until > now() + interval '30 seconds'`);
    expect(left.rows).toEqual([{ key: 'free' }]);
  } finally {
    await locker.end();
    await pool.end();
    await database.drop();
  }
});
