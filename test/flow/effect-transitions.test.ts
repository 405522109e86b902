import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, expireLeases, giveBack, held, renew, requestCancel, settle } from '../../src/outbox/sql/effects.ts';
import { blockWaiting, claimDue, takeBack, takeDue } from '../../src/outbox/sql/due.ts';
import { holdUnbegun } from '../../src/outbox/sql/hold-unbegun.ts';
import { EFFECT_STATES, TRANSITIONS, type EffectStatement, type EffectState } from '../../src/outbox/transitions.ts';
import type { ClaimedRow } from '../../src/domain/effect/effect.ts';
import { transact } from '../../src/postgres/db.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let incident: number;
const RUN = 1;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  incident = await plainIncident(pool);
  await pool.query(`insert into plan (digest, body) values ('d', '{}')`);
  await pool.query(
    `insert into run (id, incident_id, plan_digest, name, requested_by, state, remaining, started_at)
     overriding system value values ($1, $2, 'd', 'r', 'ana', 'running', 1, now())`,
    [RUN, incident],
  );
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** An effect of this state, as its statements leave one. */
async function effectIn(state: EffectState): Promise<string> {
  await pool.query('delete from effect');
  const holds = state === 'running';
  const { rows } = await pool.query<{ id: string }>(
    `insert into effect (key, kind, queue, incident_id, payload, due_at, state, fence, worker, lease_until, started_at,
                         handovers, queued_at)
     values ('k', 'step.run', 'steps', $1, $2, now() - interval '1 minute', $3, 1, $4,
             case when $4::text is null then null else now() + interval '1 minute' end, now(), 1,
             now() - interval '1 hour')
     returning id`,
    [incident, { run: RUN }, state, holds ? 'me' : null],
  );
  return rows[0]!.id;
}

const outcome = { due_at: null, doubtful: false, result: null, error: null };

/** How each statement is called for one effect that a worker `me` may hold with fence 1. */
const CALLS: Record<EffectStatement, (id: string) => Promise<unknown>> = {
  'take-due': () => takeDue(pool, 'steps', 10),
  'claim-due': () =>
    claimDue(pool, {
      ...{ queue: 'steps', sites: new Map([['', 0]]), queued_ms: 0, kinds: ['step.run'], limit: 10 },
      ...{ worker: 'other', lease_ms: 1000 },
    }),
  'block-waiting': () => blockWaiting(pool, 'steps', ['']),
  'take-back': (id) => takeBack(pool, [{ id, handovers: 1 }]),
  claim: (id) => claim(pool, id, 'other', 1000),
  renew: (id) => renew(pool, 'me', [id], 1000),
  'expire-leases': () => expireLeases(pool, ['me']),
  'give-back': (id) => giveBack(pool, { id, fence: 1 } as ClaimedRow, 'me', { doubtful: false }),
  settle: (id) =>
    transact(pool, async (tx) => {
      if ((await held(tx, [{ id, fence: 1 }], 'me')).size > 0) await settle(tx, [{ ...outcome, id, state: 'done' }]);
    }),
  'hold-unbegun': () => transact(pool, (tx) => holdUnbegun(tx, RUN)),
  'request-cancel': () => transact(pool, (tx) => requestCancel(tx, RUN)),
};

const pairs = (Object.keys(TRANSITIONS) as EffectStatement[]).flatMap((name) =>
  EFFECT_STATES.map((state) => [name, state] as const),
);

test.each(pairs)('%s of a %s effect does what the table says', async (name, state) => {
  const id = await effectIn(state);
  await CALLS[name](id);
  const { rows } = await pool.query<{ state: EffectState }>('select state from effect where id = $1', [id]);
  const { from, to }: { from: readonly string[]; to: readonly string[] } = TRANSITIONS[name];
  expect(from.includes(state) ? to : [state]).toContain(rows[0]!.state);
});

test('the table names every state of the database, and every statement that changes one', async () => {
  const { rows } = await pool.query<{ rule: string }>(
    `select pg_get_constraintdef(oid) as rule from pg_constraint where conname = 'effect_state_check'`,
  );
  const states = [...rows[0]!.rule.matchAll(/'(\w+)'/g)].map(([, state]) => state);
  expect(states.toSorted()).toEqual([...EFFECT_STATES].toSorted());
  const folder = join(ROOT, 'src/outbox/sql');
  const changing = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^ +'([a-z-]+)',\n +`([^`]*)`/gm)]
      .filter(([, , sql]) => /update effect/.test(sql ?? '') || (sql ?? '').includes('settleFrom'))
      .map(([, name]) => name),
  );
  expect(changing.toSorted()).toEqual(Object.keys(TRANSITIONS).toSorted());
});
