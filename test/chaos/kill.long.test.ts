import { afterEach, expect, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { expectWhole, killAndStart, Ledger, scriptedIncidents, seeded, SEED } from '../support/program-chaos.ts';
import { startProgram, type Program } from '../support/program-world.ts';

expectLogs(OUTAGE);

let program: Program | undefined;
const ledgers = { 'ledger-a': new Ledger(24), 'ledger-b': new Ledger(24), 'ledger-c': new Ledger(24) };
afterEach(async () => {
  await program?.stop();
  for (const ledger of Object.values(ledgers)) ledger.remove();
});

test(
  `loses and doubles nothing of three incidents when it is killed again and again, and goes on within 5 s (seed ${SEED})`,
  { timeout: 240_000 },
  async () => {
    const runbooks = Object.entries(ledgers).map(([name, { runbook }]): [string, string] => [name, runbook]);
    program = await startProgram({ runbooks: Object.fromEntries(runbooks) });
    const mine = program;
    const resumed: number[] = [];
    const blow = async (): Promise<void> => void resumed.push(await killAndStart(mine));
    const incidents = await scriptedIncidents(program, ledgers, seeded(SEED), blow, 3);
    await expectWhole(program, Object.values(ledgers), incidents);
    console.log(`went on after ${resumed.join(', ')} ms`);
    expect(resumed).toHaveLength(18);
    expect(Math.max(...resumed)).toBeLessThanOrEqual(5000);
  },
);
