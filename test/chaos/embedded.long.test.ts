import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { expectWhole, killAndStart, Ledger, scriptedIncident, seeded, SEED } from '../support/program-chaos.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { killQuietly } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';

expectLogs(OUTAGE);

const home = mkdtempSync(join(tmpdir(), 'lifeboat-chaos-'));
chmodSync(home, 0o711);
let program: Program | undefined;
let ledger: Ledger | undefined;
afterEach(async () => {
  await program?.stop();
  killQuietly(serverPid());
  await waitFor('the end of the server', () => !isAlive(serverPid()));
  ledger?.remove();
  rmSync(home, { recursive: true, force: true, maxRetries: 20 });
});

let last = 0;
function serverPid(): number {
  try {
    last = Number(readFileSync(join(home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    // Stopped: what ran last is asked about.
  }
  return last;
}

test(
  'with nothing set it loses and doubles nothing when it is killed, alone or with its server',
  { timeout: 120_000 },
  async () => {
    ledger = new Ledger(24);
    program = await startProgram({ runbooks: { ledger: ledger.runbook }, embedded: home });
    const mine = program;
    const resumed: number[] = [];
    let turn = 0;
    const blow = async (): Promise<void> => {
      const kind = turn++ % 3;
      const before = serverPid();
      if (kind === 1) killQuietly(before);
      // Alone, its server dies under it and is started again by the program itself.
      if (kind === 2) {
        process.kill(before, 'SIGQUIT');
        await waitFor('another server', () => serverPid() !== before && isAlive(serverPid()), { timeoutMs: 20_000 });
        const ready = async (): Promise<boolean> => (await fetch(`${mine.world.privateUrl}/readyz`)).ok;
        await waitFor('commands to be taken', ready, { timeoutMs: 20_000 });
      } else resumed.push(await killAndStart(mine));
    };
    const incident = await scriptedIncident(program, ledger, seeded(SEED), blow);
    await expectWhole(program, ledger, incident);
    console.log(`went on after ${resumed.join(', ')} ms`);
    expect(Math.max(...resumed)).toBeLessThanOrEqual(5000);
    program.process().signal('SIGTERM');
    expect(await program.process().exit()).toEqual({ code: 0, signal: null });
    expect(isAlive(serverPid())).toBe(false);
  },
);
