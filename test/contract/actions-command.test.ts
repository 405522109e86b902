import { describe, expect, test } from 'vitest';
import { actions, createActions } from '../../src/actions/index.ts';
import type { JsonObject } from '../../src/domain/json.ts';

const run = (input: JsonObject, command = actions.command) =>
  command.run(input, { signal: new AbortController().signal, output: () => undefined });

describe('command', () => {
  test('gives exit, streams, time, and JSON when stdout is one document', async () => {
    expect(await run({ run: ['sh', '-c', 'echo \'{"lag":3}\'; echo note >&2'] })).toEqual({
      kind: 'done',
      value: { exit: 0, stdout: '{"lag":3}\n', stderr: 'note\n', ms: expect.any(Number), json: { lag: 3 } },
    });
    expect(await run({ run: ['echo', '{"a":1} {"b":2}'] })).not.toHaveProperty('value.json');
  });

  test('numbers and yes/no in the argument list are passed as text', async () => {
    expect(await run({ run: ['echo', 1, true, 'x'] })).toMatchObject({ value: { stdout: '1 true x\n' } });
  });

  test('a wrong exit is a failure with the last words of the program', async () => {
    const outcome = await run({ run: ['sh', '-c', 'echo working; echo "disk is full" >&2; exit 2'] });
    expect(outcome).toEqual({ kind: 'rejected', reason: 'sh: exit 2, expected 0: disk is full' });
    expect(await run({ run: ['sh', '-c', 'exit 2'], expect_exit: 2 })).toMatchObject({ kind: 'done' });
  });

  test('a missing program and a missing folder are told apart', async () => {
    expect(await run({ run: ['no-such-program'] })).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('ENOENT'),
    });
    expect(await run({ run: ['true'], cwd: '/no/such/folder' })).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('/no/such/folder does not exist'),
    });
  });

  test('runs in the given folder with the given environment and stdin', async () => {
    const outcome = await run({
      run: ['sh', '-c', 'pwd; echo $SITE $N; cat'],
      cwd: '/',
      env: { SITE: 'west', N: 2 },
      stdin: 'in',
    });
    expect(outcome).toMatchObject({ kind: 'done', value: { stdout: '/\nwest 2\nin' } });
  });

  test("inherits what the worker chose, and none of the worker's secrets", async () => {
    process.env['DATABASE_URL'] = 'postgres://planted';
    const mine = createActions({ HOME: '/home/chosen' });
    const outcome = await run({ run: ['env'] }, mine.command);
    delete process.env['DATABASE_URL'];
    expect(JSON.stringify(outcome)).toContain('HOME=/home/chosen');
    expect(JSON.stringify(outcome)).not.toContain('planted');
  });

  test('one that Lifeboat stopped is unknown', async () => {
    const stop = new AbortController();
    const running = actions.command.run(
      { run: ['sh', '-c', 'echo up; sleep 600'] },
      { signal: stop.signal, output: () => stop.abort(new Error('timed out after 1s')) },
    );
    expect(await running).toEqual({
      kind: 'unknown',
      reason: expect.stringMatching(/^sh: stopped after \d+ ms \(timed out after 1s\)/),
    });
  });

  test('one that somebody else killed is unknown, one that crashed has failed', async () => {
    expect(await run({ run: ['sh', '-c', 'kill -KILL $$'] })).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('SIGKILL'),
    });
    expect(await run({ run: ['sh', '-c', 'kill -SEGV $$'] })).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('SIGSEGV'),
    });
  });
});
