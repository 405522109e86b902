import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { RunningPostgres } from '@lifeboat/embedded-postgres/running-postgres';
import { startPostgres } from '@lifeboat/embedded-postgres/start-postgres';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { expectWhole, Ledger, resumedAfter, scriptedIncident, seeded, SEED } from '../support/program-chaos.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

let program: Program | undefined;
let ledger: Ledger | undefined;
let server: RunningPostgres | undefined;
let home: string | undefined;
afterEach(async () => {
  await program?.stop();
  await server?.stop();
  ledger?.remove();
  if (home !== undefined) rmSync(home, { recursive: true, force: true });
});

test(
  'loses and doubles nothing when PostgreSQL is restarted or killed under it, and goes on by itself',
  { timeout: 120_000 },
  async () => {
    home = mkdtempSync(join(tmpdir(), 'lifeboat-chaos-'));
    chmodSync(home, 0o711);
    const where = home;
    ledger = new Ledger(24);
    server = await startPostgres({ home });
    program = await startProgram({ runbooks: { ledger: ledger.runbook }, databaseUrl: server.url });
    const mine = program;
    const resumed: number[] = [];
    let turn = 0;
    const blow = async (): Promise<void> => {
      const old = server;
      if (!old) return;
      const left = await mine.rows(`select 1 from effect where state in ('queued', 'running')
        or state = 'pending' and due_at <= now() + interval '1 second'`);
      const begun = new Date();
      if (turn++ % 2 === 0) await old.stop();
      else {
        const gone = new Promise<string>((resolve) => old.onExit(resolve));
        process.kill(old.pid, 'SIGQUIT');
        await gone;
      }
      server = await startPostgres({ home: where, port: old.port });
      await waitFor('commands to be taken', async () => (await fetch(`${mine.world.privateUrl}/readyz`)).ok);
      if (left.length > 0) resumed.push(await resumedAfter(mine, begun, new Date()));
    };
    const incident = await scriptedIncident(program, ledger, seeded(SEED), blow);
    await expectWhole(program, ledger, incident);
    console.log(`went on after ${resumed.join(', ')} ms`);
    expect(Math.max(...resumed)).toBeLessThanOrEqual(5000);
    expect(program.process().child.exitCode).toBeNull();
  },
);
