import { readFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { endOlderAttempts, type WorkerLookup } from '../../src/actions/end-older-attempts.ts';
import { familyOf } from '../../src/actions/process-family.ts';
import { formatMark, groupName, MARK_VARIABLE, markOfGroup, parseMark } from '../../src/actions/process-mark.ts';
import { runningProcesses, signalProcess, type RunningProcess } from '../../src/actions/process-table.ts';
import { waitFor } from '../support/wait-for.ts';

const OWNER = 'boot/ns/1/2/host';
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A program that carries a mark, as an attempt's would. */
async function marked(effect: string, fence: number, owner = OWNER, script = 'exec sleep 600'): Promise<number> {
  const mark = formatMark({ owner, attempt: { effect, fence }, id: `test-${effect}-${fence}` });
  const env = { PATH: process.env['PATH'] ?? '', [MARK_VARIABLE]: mark };
  const child = spawn('sh', ['-c', script], { detached: true, env, stdio: 'ignore' });
  children.push(child);
  await waitFor('the program to carry its mark', async () =>
    (await runningProcesses()).some((each) => each.pid === child.pid && each.mark !== null),
  );
  return child.pid!;
}

const runs = async (pid: number): Promise<boolean> => (await runningProcesses()).some((each) => each.pid === pid);

const here: WorkerLookup = {
  isHere: (worker) => worker === OWNER,
  mayGoOn: () => false,
  describe: (worker) => `<${worker}>`,
};

describe('a mark', () => {
  test('says worker, effect and fence, as a variable and as the name of a control group', () => {
    const mark = { owner: 'b-1/4026/77/900/db-1', attempt: { effect: '12', fence: 3 }, id: 'x-y' };
    expect(parseMark(formatMark(mark))).toEqual(mark);
    expect(markOfGroup(`9:pids:/\n0::/system.slice/lifeboat.service/${groupName(mark)}/inner\n`)).toEqual(mark);
    expect(parseMark(formatMark({ owner: '', id: 'x' }))).toEqual({ owner: '', id: 'x' });
  });

  test.each(['', 'x', 'a#b#c', '#1.#x', 'owner#1.2#'])('%j is none', (text) => {
    expect(parseMark(text)).toBeNull();
  });
});

describe('whoever takes an attempt over', () => {
  test('ends what carries an older fence of it, and nothing else', async () => {
    const [old, older] = [await marked('7', 2), await marked('7', 1)];
    const others = [await marked('7', 3), await marked('8', 2), await marked('7', 2, 'another/installation/1/2/h')];
    const left = await endOlderAttempts({ effect: '7', fence: 3 }, [OWNER], here);
    expect(left).toEqual({ ended: 2, alive: [], elsewhere: [], frozen: [], blind: expect.any(Boolean) });
    expect([await runs(old), await runs(older)]).toEqual([false, false]);
    for (const pid of others) expect(await runs(pid)).toBe(true);
  });

  test('ends one that ignores SIGTERM as well', async () => {
    const stubborn = await marked('7', 1, OWNER, 'trap "" TERM; while :; do sleep 0.05; done');
    const ending = { grace_ms: 200, patience_ms: 3000 };
    expect(await endOlderAttempts({ effect: '7', fence: 2 }, [OWNER], here, ending)).toMatchObject({ alive: [] });
    expect(await runs(stubborn)).toBe(false);
  });

  test('finds what dropped its environment and its session by its parent', async () => {
    const script = 'env -i setsid sh -c "exec sleep 612" & wait';
    const parent = await marked('7', 1, OWNER, script);
    const sleeper = async (): Promise<RunningProcess | undefined> =>
      (await runningProcesses()).find(
        (each) => each.name === 'sleep' && readFileSync(`/proc/${each.pid}/cmdline`, 'utf8').includes('612'),
      );
    const escaped = await waitFor('the child to escape', sleeper);
    expect(escaped).toMatchObject({ mark: null });
    await endOlderAttempts({ effect: '7', fence: 2 }, [OWNER], here);
    expect([await runs(parent), await runs(escaped.pid)]).toEqual([false, false]);
  });

  test('names a worker on another machine, and one here that is only frozen', async () => {
    const lookup = { ...here, mayGoOn: () => true };
    expect(await endOlderAttempts({ effect: '7', fence: 2 }, [OWNER, 'far'], lookup)).toEqual({
      ended: 0,
      alive: [],
      elsewhere: ['<far>'],
      frozen: [`<${OWNER}>`],
      blind: expect.any(Boolean),
    });
  });
});

describe('a family', () => {
  const one = (pid: number, more: Partial<RunningProcess> = {}): RunningProcess => ({
    ...{ pid, name: `p${pid}`, parent: 1, session: pid, started: String(pid), mark: null },
    ...more,
  });

  test('is whoever descends from it or shares a session with it, never this process', () => {
    const all = [
      one(10),
      one(11, { parent: 10 }),
      one(12, { session: 11 }),
      one(13, { parent: 12 }),
      one(20),
      one(21, { parent: 20 }),
      one(process.pid, { parent: 13 }),
    ];
    expect(familyOf(all, ({ pid }) => pid === 10).map(({ pid }) => pid)).toEqual([10, 11, 12, 13]);
  });
});

test('a process that was given the pid of another one is not signalled for it', async () => {
  const pid = await marked('9', 1);
  const found = (await runningProcesses()).find((each) => each.pid === pid)!;
  signalProcess({ ...found, started: '1' }, 'SIGKILL');
  signalProcess({ ...found, started: '1' }, 'SIGKILL');
  expect(await runs(pid)).toBe(true);
  signalProcess(found, 'SIGKILL');
  await waitFor('its end', async () => !(await runs(pid)));
});
