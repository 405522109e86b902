import { afterEach, describe, expect, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import {
  expectWhole,
  killAndStart,
  Ledger,
  resumedAfter,
  scriptedIncident,
  seeded,
  SEED,
} from '../support/program-chaos.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { redisAvailable, startRedis, type TestRedis } from '../support/redis.ts';

expectLogs(OUTAGE);

let program: Program | undefined;
let ledger: Ledger | undefined;
let redis: TestRedis | undefined;
afterEach(async () => {
  await program?.stop();
  await redis?.stop();
  ledger?.remove();
});

describe.skipIf(!redisAvailable())('with the queue on Redis', () => {
  test(
    'loses and doubles nothing when Redis is emptied, restarted, or the program killed, in turn',
    { timeout: 120_000 },
    async () => {
      ledger = new Ledger(24);
      redis = await startRedis();
      program = await startProgram({ runbooks: { ledger: ledger.runbook }, redisUrl: redis.url });
      const [mine, server] = [program, redis];
      const resumed: number[] = [];
      const since = async (strike: () => Promise<void>): Promise<void> => {
        const left = await mine.rows(`select 1 from effect where state in ('queued', 'running')
          or state = 'pending' and due_at <= now() + interval '1 second'`);
        const begun = new Date();
        await strike();
        if (left.length > 0) resumed.push(await resumedAfter(mine, begun, new Date()));
      };
      const blows = [
        () => since(() => server.flushall()),
        () => since(() => server.flushall()),
        () => since(() => server.restart({ kill: true })),
        async () => void resumed.push(await killAndStart(mine)),
        () => since(() => server.flushall()),
        () => since(() => server.restart()),
      ];
      let turn = 0;
      const blow = async (): Promise<void> => blows[turn++ % blows.length]?.();
      const incident = await scriptedIncident(program, ledger, seeded(SEED), blow);
      await expectWhole(program, ledger, incident);
      console.log(`went on after ${resumed.join(', ')} ms`);
      expect(Math.max(...resumed)).toBeLessThanOrEqual(5000);
    },
  );
});
