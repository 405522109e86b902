import type pg from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClaimedEffect } from '../../src/domain/effect.ts';
import { Leases } from '../../src/queue/leases.ts';
import { claim, takeDue } from '../../src/store/effects.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effect, intend, plainIncident, testPool } from '../support/queue-world.ts';

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
async function heldBy(worker: string): Promise<ClaimedEffect> {
  await intend(pool, incident, [effect('step', { kind: 'step.run', queue: 'steps' })]);
  const [parcel] = await takeDue(pool, 1);
  const claimed = await claim(pool, parcel!.id, worker, 15_000);
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
