import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeptState, readKept } from '@lifeboat/sandbox/kept-state';
import { keptWorld } from '@lifeboat/sandbox/kept-world';
import { Program, type ProgramState } from '@lifeboat/sandbox/programs/program';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';
import { waitFor } from '../support/wait-for.ts';

let folder: string;
let program: Program | undefined;
const states: ProgramState[] = [];
const ports: number[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeboat-programs-'));
  states.length = 0;
  ports.length = 0;
});
afterEach(async () => {
  await program?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Says its process id as its port. */
const LIVES = 'console.log("hello"); process.send({ port: process.pid }); setInterval(() => 0, 1000)';
const run = (script: string): Program => {
  program = new Program({
    command: [process.execPath, '-e', script],
    env: {},
    log: join(folder, 'it.log'),
    onChange: (state) => states.push(state),
    onStarted: ({ port }) => ports.push(port),
  });
  return program;
};

test('a program that is taken away stays away until it is brought back', async () => {
  await run(LIVES).start();
  expect(states).toEqual(['starting', 'up']);
  program!.kill();
  await waitFor('its end', () => program!.state === 'down' && !isAlive(ports[0]!));
  await program!.start();
  expect(states).toEqual(['starting', 'up', 'down', 'starting', 'up']);
  await program!.stop();
  expect(isAlive(ports[1]!)).toBe(false);
  expect(readFileSync(join(folder, 'it.log'), 'utf8')).toContain('hello');
});

test('a program that ends by itself is started again', async () => {
  await run(LIVES).start();
  process.kill(ports[0]!, 'SIGKILL'); // by nobody who asked the sandbox
  await waitFor('another one', () => ports.length === 2 && program!.state === 'up');
  expect(ports[1]).not.toBe(ports[0]);
});

test('a program that does not start says why', async () => {
  await expect(run('console.error("the estate is refused"); process.exit(2)').start()).rejects.toThrow(
    /ended before it was ready:\nthe estate is refused/,
  );
});

test('what is kept is read again, and what cannot be read is said with the way out', async () => {
  const file = join(folder, 'deep', 'world.json');
  expect(keptWorld(readKept(file), 'salt', 'shop')).toEqual({ version: 1, salt: 'salt', estate: 'shop', tour: [] });
  const kept = new KeptState(file, () => ({ version: 1, salt: 'mine', estate: 'shop', tour: ['break'] }));
  kept.changed();
  await waitFor('the file', () => readKept(file) !== undefined);
  expect(keptWorld(readKept(file), 'other', 'shop')).toMatchObject({ salt: 'mine', tour: ['break'] });
  expect(() => keptWorld(readKept(file), 'other', 'bank')).toThrow(/begun with the estate shop, and now .* bank/);
  writeFileSync(file, '{"version": 1');
  expect(() => readKept(file)).toThrow(/cannot be read/);
  writeFileSync(file, '{"version": 2, "salt": "x"}');
  expect(() => keptWorld(readKept(file), 'x', 'shop')).toThrow(/another version/);
});
