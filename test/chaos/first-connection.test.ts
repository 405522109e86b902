import { afterEach, expect, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { sql } from '../support/time.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

let program: Program | undefined;
afterEach(() => program?.stop());

test('a queue whose first connection fails is opened again: nothing waits for a restart of the program', async () => {
  program = await startProgram();
  const mine = program;
  const admin = new URL(mine.databaseUrl);
  const name = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  // What is connected stays so: the incident is written and the relay runs, but no queue can be opened.
  await sql(admin.href, `alter database ${name} allow_connections false`);
  expect((await mine.dr('ana', 'declare P0 Nobody comes in')).text).toMatch(/INC-1 declared/);
  await waitFor('a hand-over to fail', () => mine.logs().some(({ msg }) => msg === 'loop failed'));
  await sql(admin.href, `alter database ${name} allow_connections true`);
  await mine.world.pager.waitFor(() => true, { timeout: 10_000 });
  await mine.world.workspace.waitForChannel(/^dr-1-/, { timeout: 10_000 });
});
