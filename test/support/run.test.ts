import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';
import { spawnProgram } from './process.ts';
import { waitFor } from './wait-for.ts';

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url));

/** Runs `npm test`'s program on files of a temporary folder; returns its last line and its exit code. */
async function run(files: Record<string, string>, args: string[] = [], env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-run-'));
  mkdirSync(join(folder, 'tests'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'tests', name), text);
  const program = spawnProgram(RUN, ['--root', folder, '--globals', ...args], { env });
  onTestFinished(async () => {
    await program.killTree();
    rmSync(folder, { recursive: true, force: true });
  });
  const { code } = await program.exit();
  return { code, last: program.output().trimEnd().split('\n').at(-1), output: program.output() };
}

test('counts what passed, failed and was skipped, and shows why on the way', async () => {
  const result = await run({
    'mixed.test.js': `test('a', () => {}); test('b', () => { expect(1).toBe(2) }); test.skip('c', () => {}); test.todo('d')`,
  });
  expect(result).toMatchObject({ code: 1, last: '1 passed, 1 failed, 2 skipped' });
  expect(result.output).toContain('expected 1 to be 2');
});

test('succeeds when nothing failed, and passes arguments on', async () => {
  const files = {
    'one.test.js': `test('a', () => {}); test('b', () => {})`,
    'two.test.js': `test('c', () => { throw 1 })`,
  };
  expect(await run(files, ['tests/one.test.js'])).toMatchObject({ code: 0, last: '2 passed, 0 failed, 0 skipped' });
});

test('a file that does not load is a failure', async () => {
  const files = { 'broken.test.js': `import './gone.js'`, 'fine.test.js': `test('a', () => {})` };
  expect(await run(files)).toMatchObject({ code: 1, last: '1 passed, 1 failed, 0 skipped' });
});

test('an error outside of any test is a failure though all tests passed', async () => {
  const files = { 'late.test.js': `test('a', () => {}); afterAll(() => { void Promise.reject(new Error('stray')) })` };
  expect(await run(files)).toMatchObject({ code: 1, last: '1 passed, 1 failed, 0 skipped' });
});

test('no tests at all, and a vitest that does not start, are failures', async () => {
  expect(await run({})).toMatchObject({ code: 1, last: '0 passed, 1 failed, 0 skipped' });
  expect(await run({}, ['--no-such-option'])).toMatchObject({ code: 1, last: '0 passed, 1 failed, 0 skipped' });
});

test('a run over the time limit is ended with everything that it started, and fails', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-slow-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const slow = `
    import { spawn } from 'node:child_process'
    test('never ends', () => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' })
      console.log('started ' + child.pid + ' ')
      return new Promise(() => {})
    }, 0)`;
  const result = await run({ 'slow.test.js': slow }, [], { LIFEBOAT_TEST_LIMIT: '6' });
  expect(result).toMatchObject({ code: 1, last: '0 passed, 1 failed, 0 skipped' });
  expect(result.output).toContain('longer than 6 s');
  const pid = Number(/started (\d+) /.exec(result.output)?.[1]);
  expect(pid).toBeGreaterThan(0);
  await waitFor('the grandchild to be gone', () => !isAlive(pid));
});
