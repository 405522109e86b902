import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { sql } from '../support/time.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

/** Its first attempt begins without the queue; the second falls due later, and is handed over. */
const twice = (file: string): string => `
description: One step, twice.
steps:
  - id: look
    uses: command
    with: { run: [sh, -c, "test -e ${file} || { touch ${file}; exit 1; }"] }
    side_effect: idempotent
    retry: { max_attempts: 5, interval: 500ms }
`;

let program: Program | undefined;
afterEach(() => program?.stop());

test('a queue whose first connection fails is opened again: nothing waits for a restart of the program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-twice-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  program = await startProgram({ runbooks: { look: twice(join(folder, 'once')) } });
  const mine = program;
  const admin = new URL(mine.databaseUrl);
  const name = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  expect((await mine.dr('ana', 'declare P0 Nobody comes in')).text).toMatch(/INC-1 declared/);
  await mine.idle(20_000);
  // What is connected stays so: the run is written and the loops go on, but no queue can be opened.
  await sql(admin.href, `alter database ${name} allow_connections false`);
  await mine.dr('ana', 'run look INC-1');
  await waitFor('a hand-over to fail', () => mine.logs().some(({ msg }) => msg === 'loop failed'));
  await sql(admin.href, `alter database ${name} allow_connections true`);
  const states = `select state from run where incident_id = 1`;
  await waitFor(
    'the run to succeed',
    async () => (await sql(mine.databaseUrl, states)).at(0)?.['state'] === 'succeeded',
    {
      timeoutMs: 10_000,
    },
  );
});
