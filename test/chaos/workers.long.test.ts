import { afterEach, expect, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { freePort } from '../support/free-port.ts';
import { afterSignals, Ledger, seeded, SEED } from '../support/program-chaos.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

let program: Program | undefined;
let ledger: Ledger | undefined;
afterEach(async () => {
  await program?.stop();
  ledger?.remove();
});

test(
  'another worker goes on with the steps of one that is killed, and none happens twice',
  { timeout: 90_000 },
  async () => {
    ledger = new Ledger(24);
    program = await startProgram({ runbooks: { ledger: ledger.runbook }, args: ['bot'] });
    const mine = program;
    const random = seeded(SEED);
    // Without a Slack token: a worker needs none.
    const worker = async () =>
      mine.start(['worker', '--site', 'east'], {
        ...{ PORT: String(await freePort()), SLACK_BOT_TOKEN: undefined, SLACK_SIGNING_SECRET: undefined },
      });
    const workers = [await worker(), await worker()];
    expect((await mine.dr('ana', 'declare P3 Two hands')).text).toMatch(/INC-1/);
    expect((await mine.dr('ana', 'run ledger INC-1')).text).toMatch(/has begun/);
    const gaps: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await afterSignals(mine, [ledger], 1 + Math.floor(random() * 8));
      const victim = workers.shift();
      await victim?.kill9();
      const before = ledger.lines().length;
      const killed = Date.now();
      const { steps, lines } = { steps: ledger.steps.length, lines: () => ledger?.lines().length ?? 0 };
      await waitFor('the other one to go on', () => lines() > before || lines() === steps, { timeoutMs: 15_000 });
      gaps.push(Date.now() - killed);
      workers.push(await worker());
    }
    await waitFor(
      'the end',
      async () => (await mine.rows(`select 1 from run where state = 'succeeded'`)).length === 1,
      {
        timeoutMs: 30_000,
      },
    );
    expect([...ledger.lines()].sort()).toEqual([...ledger.steps].sort());
    console.log(`another worker went on after ${gaps.join(', ')} ms`);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5000);
  },
);
