import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { expectLogs, OUTAGE } from '../support/expected-logs.ts';
import { startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(OUTAGE);

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-orphan-'));
const file = join(folder, 'ledger');
let program: Program | undefined;
afterEach(async () => {
  await program?.stop();
  rmSync(folder, { recursive: true, force: true });
});

// The command says that it began, and does its work two seconds later: in the middle its Lifeboat is killed.
const WORK = `fs.appendFileSync(process.argv[1], 'began ' + process.pid + '\\n');
setTimeout(() => { fs.appendFileSync(process.argv[1], 'worked\\n') }, 2000)`;

const RUNBOOK = `description: Works slowly.
steps:
  - id: work
    name: Work slowly
    uses: command
    with: { run: [node, -e, ${JSON.stringify(WORK)}, ${file}] }
    side_effect: once
    probe: { uses: command, with: { run: [grep, -qx, worked, ${file}] } }
`;

test('a command that outlives its killed program is ended before its step is looked at and run again', async () => {
  writeFileSync(file, '');
  program = await startProgram({ runbooks: { slow: RUNBOOK } });
  const { channel } = await program.declare('P2 Slow');
  await program.dr('ana', 'run slow', channel);
  const lines = (): string[] => readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const began = (): string[] => lines().filter((each) => each.startsWith('began'));
  await waitFor('the command to begin', () => began().length === 1);
  await program.process().kill9();
  await program.start();
  await waitFor(
    'the run to be over',
    async () => (await program?.rows(`select 1 from run where state = 'succeeded'`))?.length === 1,
  );
  expect(lines().filter((each) => each === 'worked')).toEqual(['worked']);
});
