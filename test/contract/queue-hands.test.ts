import type pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClaimedRow } from '../../src/domain/effect/effect.ts';
import { done } from '../../src/domain/effect/outcome.ts';
import { Leases } from '../../src/outbox/leases.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  claimAll,
  effect,
  effectsOf,
  intend,
  launch,
  noting,
  plainIncident,
  testPool,
} from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let incident: number;

beforeEach(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  incident = await plainIncident(pool);
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

/** An effect that a worker of this name holds. */
async function heldBy(worker: string): Promise<ClaimedRow> {
  await intend(pool, incident, [effect('step', { kind: 'step.run', queue: 'steps' })]);
  const [claimed] = await claimAll(pool, { worker, lease_ms: 15_000 });
  if (!claimed) throw new Error('not claimed');
  return claimed;
}

test('an attempt that lost its lease and ends late does not let go of the one that followed it in this process', async () => {
  const leases = new Leases(pool, 'me', pino({ level: 'silent' }));
  const late = await heldBy('me');
  const first = leases.hold(late, performance.now());
  leases.hold({ ...late, fence: late.fence + 1 }, performance.now());
  expect(first.aborted).toBe(true);
  leases.release(late);
  expect(leases.size).toBe(1);
  leases.release({ ...late, fence: late.fence + 1 });
  expect(leases.size).toBe(0);
  leases.stop();
});

test('a step that was taken over while the process stops goes back unbegun, without doubt', async () => {
  const begun: string[] = [];
  const boat = await launch({ url: database.url, jobs: [noting('step.run', begun)], queues: {}, name: 'stopping' });
  try {
    const taken = await heldBy('stopping');
    await boat.worker.stop(100);
    boat.worker.continuation.begin([taken], performance.now());
    await expect.poll(async () => (await effectsOf(pool))[0]).toMatchObject({ state: 'pending', unknown_since: null });
    expect(begun).toEqual([]);
  } finally {
    await boat.stop(100);
  }
});

test('one decision that makes many steps ready takes over no more than the process may work on', async () => {
  const boat = await launch({ url: database.url, jobs: [noting('step.run', [], () => done(null))], name: 'taker' });
  try {
    const steps = Array.from({ length: 200 }, (_, n) => effect(`step ${n}`, { kind: 'step.run', queue: 'steps' }));
    const wanted = () => steps.filter((step) => boat.worker.continuation.accepts(step)).length;
    expect(wanted()).toBe(50);
    await Promise.resolve();
    expect(wanted()).toBe(50);
  } finally {
    await boat.stop(100);
  }
});

test('steps wait for a worker of their site, also when it is only told of the site later', async () => {
  const begun: string[] = [];
  const boat = await launch({ url: database.url, jobs: [noting('step.run', begun)], sites: ['here'] });
  try {
    const at = (key: string, site?: string) => effect(key, { kind: 'step.run', queue: 'steps', ...(site && { site }) });
    await intend(pool, incident, [at('there', 'there'), at('here', 'here'), at('anywhere')]);
    await expect.poll(() => begun.toSorted(), { timeout: 10_000 }).toEqual(['anywhere', 'here']);
    expect(boat.worker.continuation.accepts(at('next', 'there'))).toBe(false);
    expect(await effectsOf(pool, `key = 'there'`)).toMatchObject([{ state: 'pending', handovers: 0, attempts: 0 }]);
    boat.worker.serveSites(['here', 'there']);
    await expect.poll(() => begun, { timeout: 500 }).toContain('there');
    expect(boat.worker.continuation.accepts(at('next', 'there'))).toBe(true);
  } finally {
    await boat.stop(100);
  }
});
