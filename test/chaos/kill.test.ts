import { afterEach, expect, test } from 'vitest';
import { expectWhole, killAndStart, Ledger, scriptedIncident, seeded, SEED } from '../support/program-chaos.ts';
import { startProgram, type Program } from '../support/program-world.ts';

let program: Program | undefined;
let ledger: Ledger | undefined;
afterEach(async () => {
  await program?.stop();
  ledger?.remove();
});

test.each([SEED, SEED + 1, SEED + 2])(
  'loses and doubles nothing when it is killed again and again, and goes on within 5 s (seed %i)',
  { timeout: 120_000 },
  async (seed) => {
    ledger = new Ledger(24);
    program = await startProgram({ runbooks: { ledger: ledger.runbook } });
    const mine = program;
    const resumed: number[] = [];
    const incident = await scriptedIncident(program, ledger, seeded(seed), async () => {
      resumed.push(await killAndStart(mine));
    });
    await expectWhole(program, ledger, incident);
    console.log(`went on after ${resumed.join(', ')} ms`);
    expect(Math.max(...resumed)).toBeLessThanOrEqual(5000);
  },
);
