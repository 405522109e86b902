import { Client } from 'pg';
import { afterEach, expect, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

let program: Program | undefined;
afterEach(() => program?.stop());

test('goes on when every connection to the database is cut, hundreds of times, in the middle of whatever it does', async () => {
  program = await startProgram();
  const mine = program;
  const { channel } = await mine.declare('P3 The line is bad');
  const admin = new Client({ connectionString: mine.databaseUrl });
  await admin.connect();
  const cut = (): Promise<unknown> =>
    admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  for (let round = 0; round < 300; round += 1) {
    await cut();
    if (round % 10 === 0) await mine.dr('ana', `note ${round}`, channel);
  }
  await admin.end();
  expect(mine.process().child.exitCode).toBeNull();
  await waitFor('a note to be taken', async () => /^Noted/.test((await mine.dr('ana', 'note last', channel)).text));
  await mine.dr('ana', 'update Better', channel);
  await mine.world.workspace.waitFor({ channel: channel, text: 'Better' }, { timeout: 20_000 });
});
