import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockWaiting, claimDue, takeDue } from '../../src/outbox/sql/due.ts';
import { claim, held, paceLane, settle } from '../../src/outbox/sql/effects.ts';
import { transact } from '../../src/postgres/db.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 12);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const KEYS = 5;
const EACH = 60;

/** Does one claimed effect, and rests its key now and then. */
async function perform(effect: { id: string; fence: number; ordering_key: string | null }, worker: string, n: number) {
  await transact(pool, async (tx) => {
    if ((await held(tx, [effect], worker)).size === 0) throw new Error(`${effect.id} is not held`);
    if (n % 7 === 0) await paceLane(tx, effect.ordering_key!, 5);
    await settle(tx, [{ id: effect.id, state: 'done', due_at: null, doubtful: false, result: null, error: null }]);
  });
}

test('many that wait behind a few are all done, each key in its order, by processes that block and free them at once', async () => {
  const incident = await plainIncident(pool);
  await pool.query(
    `insert into effect (key, kind, queue, incident_id, payload, ordering_key, due_at)
     select 'k' || n, 'message.post', 'chat', $1, '{}', 'key' || (n % $2), now() from generate_series(1, $3::int) n`,
    [incident, KEYS, KEYS * EACH],
  );
  let left = KEYS * EACH;
  let marked = 0;
  let n = 0;
  const working = async (worker: string, direct: boolean): Promise<void> => {
    const until = performance.now() + 20_000;
    while (left > 0) {
      if (performance.now() > until) throw new Error(`${left} are left`);
      const [, blocked] = await Promise.all([
        (async () => {
          const due = { queue: 'chat', sites: new Map([['', 0]]), queued_ms: 0, kinds: ['message.post'] } as const;
          const claimed = direct
            ? (await claimDue(pool, { ...due, kinds: ['message.post'], limit: 3, worker, lease_ms: 60_000 })).claimed
            : await Promise.all(
                (await takeDue(pool, 'chat', 100)).taken.map(({ id }) => claim(pool, id, worker, 60_000)),
              );
          await Promise.all(
            claimed.map(async (effect) => {
              if (!effect) return;
              await perform(effect, worker, (n += 1));
              left -= 1;
            }),
          );
        })(),
        blockWaiting(pool, 'chat', ['']),
      ]);
      marked += blocked;
    }
  };
  await Promise.all([working('a', false), working('b', true), working('c', false)]);
  expect(marked).toBeGreaterThan(0);
  const { rows } = await pool.query<{ states: string[]; late: number }>(
    `select array_agg(distinct state) as states, count(*) filter (where late)::int as late from (
       select state, finished_at < lag(finished_at) over (partition by ordering_key order by id) as late from effect) e`,
  );
  expect(rows).toEqual([{ states: ['done'], late: 0 }]);
}, 40_000);
