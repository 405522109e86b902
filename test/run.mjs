// What `npm test` and `npm run test:long` call: runs vitest within a time limit and ends with the line "N passed, N failed, N skipped".
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Seconds on two cores; the long tests are those whose name says so.
const long = process.argv.slice(2).some((each) => each.includes('.long.test.'));
const LIMIT = Number(process.env.LIFEBOAT_TEST_LIMIT ?? (long ? 1800 : 600));
const GRACE = 15;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lifeboat-results-'));
const results = join(folder, 'results.json');

const code = await runVitest(process.argv.slice(2));
const { passed, failed, skipped } = count(code);
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);

function runVitest(args) {
  const vitest = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${results}`,
      ...args,
    ],
    // A group of its own, so that the limit ends its workers and what they started too.
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  const limit = setTimeout(() => {
    console.error(`The tests took longer than ${LIMIT} s and were stopped.`);
    signalGroup(vitest, 'SIGTERM');
    setTimeout(() => signalGroup(vitest, 'SIGKILL'), GRACE * 1000).unref();
  }, LIMIT * 1000);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => signalGroup(vitest, name));
  return new Promise((resolve) => {
    vitest.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    vitest.on('exit', (exitCode) => {
      clearTimeout(limit);
      signalGroup(vitest, 'SIGKILL');
      resolve(exitCode ?? 1);
    });
  });
}

function signalGroup(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group has ended already.
  }
}

// A file that does not load counts as one failure, and so does an end without results or without a failed test.
function count(exitCode) {
  let json;
  try {
    json = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const tests = json.testResults.flatMap((file) => file.assertionResults);
  const of = (...states) => tests.filter(({ status }) => states.includes(status)).length;
  const broken = json.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const failed = of('failed') + broken;
  return {
    passed: of('passed'),
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: tests.length - of('passed', 'failed'),
  };
}
