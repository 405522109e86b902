import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkFile } from '../../src/estate/check.ts';
import { copySmallEstate, ESTATE, type EstateCopy } from '../support/estates/copy.ts';

let estate: EstateCopy;
beforeEach(async () => {
  estate = await copySmallEstate();
});
const onEnd: string[] = [];
afterEach(async () => {
  for (const file of onEnd.splice(0)) rmSync(file, { recursive: true, force: true });
  await estate.remove();
});

const SECRET = 'root:x:0:0:hunter2';
const at = (name: string): string => join(estate.folder, 'runbooks', name);

test.each<[string, (file: string) => unknown, RegExp]>([
  ['a named pipe', (file) => execFileSync('mkfifo', [file]), /it is a named pipe/],
  ['a folder', (file) => mkdirSync(file), /it is a folder/],
  ['a device', (file) => symlinkSync('/dev/zero', file), /symbolic link that leads out of its folder/],
  ['a link to a file outside', linkOutside, /symbolic link that leads out of its folder/],
  ['a link to nothing', (file) => symlinkSync('nowhere.yaml', file), /ENOENT/],
  ['a link to itself', (file) => symlinkSync('odd.yaml', file), /ELOOP/],
  ['a file with a NUL', (file) => writeFileSync(file, 'name: a\0b'), /holds a NUL/],
  ['a file of 5 MB', (file) => writeFileSync(file, '#'.repeat(5_000_000)), /has 5000000 bytes/],
])('%s as a runbook is a problem that names the file and shows none of its content', async (_name, make, why) => {
  await make(at('odd.yaml'));
  const problems = await estate.problems();
  expect(problems).toEqual([expect.stringMatching(why)]);
  expect(problems[0]).toContain(`${at('odd.yaml')}:1:1: error: the file cannot be read`);
  expect(problems[0]).not.toMatch(/hunter2|root/);
});

function linkOutside(file: string): void {
  const outside = `${estate.folder}-outside.txt`;
  writeFileSync(outside, SECRET);
  symlinkSync(outside, file);
  onEnd.push(outside);
}

test('a folder of runbooks that is a link to one outside is refused file by file', async () => {
  const outside = `${estate.folder}-outside`;
  onEnd.push(outside);
  mkdirSync(outside);
  writeFileSync(join(outside, 'passwd.yaml'), SECRET);
  symlinkSync(outside, join(estate.folder, 'elsewhere'));
  await estate.spoil(ESTATE, 'runbooks: runbooks/*.yaml', 'runbooks: elsewhere/*.yaml');
  const problems = await estate.problems();
  expect(problems.some((each) => /elsewhere\/passwd\.yaml:1:1: .*leads out of its folder/.test(each))).toBe(true);
  expect(problems.join('\n')).not.toContain('hunter2');
});

test('a link inside the folder is followed, as Kubernetes mounts its files', async () => {
  mkdirSync(join(estate.folder, '..data'));
  writeFileSync(
    join(estate.folder, '..data/linked.yaml'),
    'name: linked\ndescription: linked\nsteps: [{ id: a, name: A, uses: noop }]\n',
  );
  symlinkSync('../..data/linked.yaml', at('linked.yaml'));
  expect(await estate.problems()).toEqual([]);
});

test('a pipe, a device or a socket is no estate, and nothing waits for it', async () => {
  const pipe = join(estate.folder, 'pipe.yaml');
  execFileSync('mkfifo', [pipe]);
  expect(await checkFile(pipe)).toMatchObject({
    ok: false,
    text: expect.stringContaining('it is a named pipe') as string,
  });
  expect((await checkFile('/dev/zero')).text).toContain('it is a device');
  const socket = join(estate.folder, 'socket.yaml');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  expect((await checkFile(socket)).text).toContain('it is a socket');
  await new Promise((resolve) => server.close(resolve));
});
