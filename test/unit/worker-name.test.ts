import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { describeWorker, isDead, isHere, mayGoOn, workerName } from '../../src/outbox/worker-name.ts';
import { waitFor } from '../support/wait-for.ts';

const me = workerName();
const [boot, namespace, , started, host] = me.split('/');
const named = (pid: number, since = started): string => [boot, namespace, pid, since, host].join('/');

const other = spawn('sleep', ['600'], { stdio: 'ignore' });
afterAll(() => void other.kill('SIGKILL'));

describe('a worker’s name', () => {
  test('tells whether it lives, by pid and start', () => {
    expect([isDead(me), isHere(me), mayGoOn(me)]).toEqual([false, true, false]);
    expect(isDead(named(process.pid, '1'))).toBe(true);
    expect([isDead(named(other.pid!)), mayGoOn(named(other.pid!))]).toEqual([true, false]);
    const began = execFileSync('cat', [`/proc/${other.pid}/stat`], { encoding: 'utf8' })
      .replace(/^.*\) /s, '')
      .split(' ')[19];
    expect([isDead(named(other.pid!, began)), mayGoOn(named(other.pid!, began))]).toEqual([false, true]);
  });

  test('of a process that ended is dead, and of one elsewhere never', async () => {
    const short = spawn('true', { stdio: 'ignore' });
    await waitFor('its end', () => short.exitCode !== null);
    expect(isDead(named(short.pid!))).toBe(true);
    for (const name of ['elsewhere/1/2/3', 'elsewhere/1/2/3/db-1', 'unplaced/x', 'w', '']) {
      expect([isDead(name), isHere(name), mayGoOn(name)]).toEqual([false, false, false]);
    }
  });

  test('reads well', () => {
    expect(describeWorker('0a1b2c3d-4e5f/402/77/900/db-1')).toBe('pid 77 on db-1');
    expect(describeWorker('0a1b2c3d-4e5f/402/77/900')).toBe('pid 77 on the machine with boot id 0a1b2c3d');
    expect(describeWorker('odd')).toBe('worker odd');
  });
});

/** What a process without rights says of pids where /proc hides the processes of others. */
function underHidepid(pids: number[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-hidepid-'));
  try {
    chmodSync(folder, 0o755);
    const file = join(folder, 'worker-name.mjs');
    const source = fileURLToPath(new URL('../../src/outbox/worker-name.ts', import.meta.url));
    buildSync({ entryPoints: [source], bundle: true, format: 'esm', platform: 'node', outfile: file });
    const script = `import(process.argv[1]).then(({ isDead, workerName }) => {
      const [boot, namespace, , , host] = workerName().split('/');
      console.log(JSON.stringify(${JSON.stringify(pids)}.map((pid) => isDead([boot, namespace, pid, '1', host].join('/')))));
    })`;
    const mount =
      'mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"';
    const said = execFileSync('unshare', ['-m', 'sh', '-c', mount, 'sh', process.execPath, '-e', script, file], {
      encoding: 'utf8',
      cwd: '/',
    });
    return JSON.parse(said);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a worker that /proc hides is not called dead, one that does not exist is',
  async () => {
    const short = spawn('true', { stdio: 'ignore' });
    await waitFor('its end', () => short.exitCode !== null);
    expect(underHidepid([other.pid!, short.pid!])).toEqual([false, true]);
  },
);
