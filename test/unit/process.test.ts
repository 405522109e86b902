import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { KEPT_BYTES } from '../../src/actions/process-output.ts';
import { runProcess } from '../../src/actions/process.ts';
import type { ProcessRequest } from '../../src/actions/process-start.ts';
import type { ProcessContext } from '../../src/actions/process.ts';

const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
type Line = { stream: string; text: string };

function run(command: [string, ...string[]], more: Partial<ProcessContext & ProcessRequest> = {}) {
  const printed: Record<string, string> = {};
  const linesOf = (): Line[] =>
    Object.entries(printed).flatMap(([stream, text]) =>
      text
        .split('\n')
        .filter((line, at, all) => line !== '' || at < all.length - 1)
        .map((line) => ({ stream, text: line })),
    );
  const waiting: (() => void)[] = [];
  const stop = new AbortController();
  const output = (stream: string, text: string): void => {
    printed[stream] = (printed[stream] ?? '') + text;
    for (const look of waiting) look();
  };
  const ended = runProcess(
    { run: command, env, ...more },
    { signal: stop.signal, output, grace_ms: 150, drain_ms: 150, ...more },
  );
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const line = linesOf().find(({ text }) => pattern.test(text));
        if (line !== undefined) resolve(line.text);
      };
      waiting.push(look);
      look();
    });
  const end = (why = 'stopped by a test'): void => stop.abort(new Error(why));
  return { ended, lines: linesOf, said, stop: end };
}

/** A process is gone when the kernel does not know it, or knows it only as a zombie that init has not collected. */
function isGone(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
  } catch {
    return true;
  }
}

async function untilGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 200 && !isGone(pid); i += 1) await sleep(10);
  return isGone(pid);
}

const ended = async (running: ReturnType<typeof run>) => {
  const end = await running.ended;
  if (end.kind !== 'ended') throw new Error(`not started: ${end.reason}`);
  return end;
};

test('a program gives its exit code and both streams', async () => {
  const running = run(['sh', '-c', 'echo one; echo two >&2; printf three; exit 7']);
  const end = await ended(running);
  expect(end).toMatchObject({ exit: 7, exitSignal: null, stdout: 'one\nthree', stderr: 'two\n', cut: false });
  expect(
    running
      .lines()
      .filter((line) => line.stream === 'stdout')
      .map((line) => line.text),
  ).toEqual(['one', 'three']);
  expect(
    running
      .lines()
      .filter((line) => line.stream === 'stderr')
      .map((line) => line.text),
  ).toEqual(['two']);
});

test('a line is handed on while the program still runs', async () => {
  const running = run(['sh', '-c', 'echo early; sleep 600']);
  await running.said(/early/);
  running.stop();
  await running.ended;
});

test('a program sees only the environment that it is given', async () => {
  process.env['SLACK_BOT_TOKEN'] = 'xoxb-planted';
  const end = await ended(run(['env'])).finally(() => delete process.env['SLACK_BOT_TOKEN']);
  const names = end.stdout
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? '')).sort()).toEqual([
    'LIFEBOAT_PROCESS_MARK',
    'PATH',
  ]);
});

test('nothing in an argument reaches a shell', async () => {
  const end = await ended(run(['printf', '%s', '$(id); `id` && exit 3']));
  expect(end.stdout).toBe('$(id); `id` && exit 3');
});

test('a program reads its stdin, and one that does not read it is no failure', async () => {
  expect(await ended(run(['cat'], { stdin: 'hällo' }))).toMatchObject({ exit: 0, stdout: 'hällo' });
  expect(await ended(run(['true'], { stdin: 'x'.repeat(1_000_000) }))).toMatchObject({ exit: 0 });
});

test('a missing program, folder or permission is said, not thrown', async () => {
  for (const command of [['/no/such/program'], ['no-such-program-anywhere'], ['/tmp']] as [string][]) {
    const end = await run(command).ended;
    expect(end).toMatchObject({ kind: 'not_started', reason: expect.stringMatching(/ENOENT|EACCES/) });
  }
  expect(await run(['echo', 'a\0b']).ended).toMatchObject({
    kind: 'not_started',
    reason: expect.stringContaining('null byte'),
  });
});

test('a program is not started after the abort', async () => {
  const signal = AbortSignal.abort(new Error('too late'));
  const end = await runProcess({ run: ['true'], env }, { signal, output: () => undefined });
  expect(end).toEqual({ kind: 'not_started', reason: 'too late' });
});

test('an abort ends the program and its children, also when a child holds stdout', async () => {
  const running = run(['sh', '-c', 'sleep 600 & echo child $!; wait']);
  const child = Number((await running.said(/child \d+/)).split(' ')[1]);
  expect(isGone(child)).toBe(false);
  running.stop('timed out after 1s');
  const end = await ended(running);
  expect(end).toMatchObject({ exit: null, exitSignal: 'SIGTERM', stopped: 'timed out after 1s' });
  expect(await untilGone(child)).toBe(true);
  expect(end.ms).toBeLessThan(5_000);
});

test('a program that ignores SIGTERM, with children that do too, is killed after the grace', async () => {
  const running = run([
    'sh',
    '-c',
    'trap "" TERM; sh -c \'trap "" TERM; echo child $$; while :; do sleep 0.05; done\'',
  ]);
  const child = Number((await running.said(/child \d+/)).split(' ')[1]);
  running.stop();
  expect(await ended(running)).toMatchObject({ exitSignal: 'SIGKILL' });
  expect(await untilGone(child)).toBe(true);
});

test('a program gets its SIGTERM and may clean up within the grace', async () => {
  const running = run(['sh', '-c', 'trap "echo cleaned; exit 3" TERM; echo ready; while :; do sleep 0.02; done'], {
    grace_ms: 5_000,
  });
  await running.said(/ready/);
  running.stop();
  expect(await ended(running)).toMatchObject({ exit: 3, stdout: 'ready\ncleaned\n' });
});

test('a child that left the process group by setsid is found and ended', async () => {
  const running = run([
    'sh',
    '-c',
    'setsid sh -c \'trap "" TERM; echo child $$; while :; do sleep 0.05; done\' & wait',
  ]);
  const child = Number((await running.said(/child \d+/)).split(' ')[1]);
  running.stop();
  await running.ended;
  expect(await untilGone(child)).toBe(true);
});

test('a child that dropped its environment and ignores SIGTERM is ended with the group', async () => {
  const stubborn = 'trap "" TERM; echo child $$; while :; do sleep 0.05; done';
  const running = run(['sh', '-c', `trap "" TERM; env -i /bin/sh -c '${stubborn}' & wait`]);
  const child = Number((await running.said(/child \d+/)).split(' ')[1]);
  running.stop();
  await running.ended;
  expect(await untilGone(child)).toBe(true);
});

test('a service that a program leaves behind does not hold up its end, and lives on', async () => {
  const running = run(['sh', '-c', 'sleep 600 & echo child $!']);
  const end = await ended(running);
  const child = Number(end.stdout.trim().split(' ')[1]);
  try {
    expect(end).toMatchObject({ exit: 0 });
    expect(end.ms).toBeLessThan(5_000);
    expect(isGone(child)).toBe(false);
  } finally {
    process.kill(child, 'SIGKILL');
  }
});

test('of big output the end is kept, and everything is handed on', async () => {
  const running = run(['sh', '-c', 'seq 1 200000']);
  const end = await ended(running);
  expect(Buffer.byteLength(end.stdout)).toBe(KEPT_BYTES);
  expect(end.stdout.endsWith('199999\n200000\n')).toBe(true);
  expect(end.cut).toBe(true);
  expect(running.lines()).toHaveLength(200_000);
  expect(running.lines().at(-1)?.text).toBe('200000');
});

test('a character that spans two chunks or the cut is never torn', async () => {
  const script =
    'process.stdout.write("€".repeat(40000)); process.stdout.write(Buffer.from([0xe2])); setTimeout(() => process.stdout.write(Buffer.from([0x82, 0xac])), 20)';
  const running = run([process.execPath, '-e', script]);
  const end = await ended(running);
  expect(end.stdout).toMatch(/^€+$/);
  expect(
    running
      .lines()
      .map(({ text }) => text)
      .join(''),
  ).toBe('€'.repeat(40_001));
});

test('binary output becomes text that PostgreSQL can store', async () => {
  const running = run(['sh', '-c', String.raw`printf 'a\000b\377\033[31mred\033[0m\r\n'`]);
  const end = await ended(running);
  expect(end.stdout.startsWith('a\uFFFDb\uFFFD')).toBe(true);
  expect(
    running
      .lines()
      .map(({ text }) => text)
      .join(),
  ).toBe('a\0b\uFFFD\u001B[31mred\u001B[0m\r');
});

test('an abort at any moment settles once and leaves nothing behind', async () => {
  const pids: number[] = [];
  for (let turns = 0; turns < 200; turns += 20) {
    const running = run(['sh', '-c', 'sleep 600 & echo child $!; echo $$; wait']);
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    running.stop();
    await running.ended;
    pids.push(...running.lines().map(({ text }) => Number(text.replace('child ', ''))));
  }
  for (const pid of pids) expect(await untilGone(pid)).toBe(true);
});
