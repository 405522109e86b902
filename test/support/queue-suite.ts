import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { gate, launch, plainIncident, testPool, type Boat, type BoatOptions } from './queue-world.ts';
import { redisAvailable, startRedis, type TestRedis } from './redis.ts';

export interface QueueSuite {
  /** The database of the test that runs, and an open incident in it. */
  now: () => { pool: pg.Pool; incident: number };
  /** Starts a Lifeboat that is stopped after the test. */
  start: (options: Partial<BoatOptions> & Pick<BoatOptions, 'jobs'>) => Promise<Boat>;
  /** A gate that opens by itself before the Lifeboats are stopped. */
  barrier: () => ReturnType<typeof gate>;
  /** Everything that the queue holds is gone, as after FLUSHALL or a restore of an empty Redis. */
  empty: () => Promise<unknown>;
}

/** One suite for the queue on both of its backends. */
export function onBothBackends(name: string, suite: (world: QueueSuite) => void): void {
  describe.each(['PostgreSQL', 'Redis'] as const)(`${name} on %s`, (backend) => {
    const onRedis = backend === 'Redis';
    if (onRedis && !redisAvailable()) return test.skip('needs redis-server');
    let redis: TestRedis | undefined;
    let database: TestDatabase;
    let pool: pg.Pool;
    let incident: number;
    const boats: Boat[] = [];
    const gates: { open(): void }[] = [];

    beforeAll(async () => {
      if (onRedis) redis = await startRedis();
    });
    afterAll(() => redis?.stop());
    beforeEach(async () => {
      database = await createTestDatabase();
      pool = testPool(database.url);
      incident = await plainIncident(pool);
      await redis?.flushall();
    });
    afterEach(async () => {
      for (const each of gates.splice(0)) each.open();
      await Promise.all(boats.splice(0).map((boat) => boat.stop(100)));
      await pool.end();
      await database.drop();
    });
    suite({
      now: () => ({ pool, incident }),
      async start(options) {
        const boat = await launch({ url: database.url, redisUrl: redis?.url, ...options });
        boats.push(boat);
        return boat;
      },
      barrier() {
        const made = gate();
        gates.push(made);
        return made;
      },
      empty: () => (redis ? redis.flushall() : pool.query('truncate lifeboat_bullmq.job cascade')),
    });
  });
}
