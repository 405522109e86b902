import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createControl, type Control } from '@lifeboat/sandbox/estate/control';
import { findMovedPorts, movedWords, writeMovedEstate } from '@lifeboat/sandbox/estate/free-ports';
import { loadEstate } from '../../src/estate/load.ts';
import { copyExample } from '../support/estates/copy-example.ts';
import { CONTROL, SITE } from '../support/erlmcp.ts';
import { killQuietly, processesOf } from '../support/process.ts';

let folder: string;
let home: string;
let control: Control;
let squatter: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeboat-ports-'));
  home = join(folder, 'files');
  control = createControl({ PATH: process.env['PATH'] ?? '', ERLMCP_HOME: home });
});
afterEach(async () => {
  squatter?.close();
  squatter = undefined;
  for (const pid of processesOf(folder)) killQuietly(pid);
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

/** Ports that no other test takes. */
let next = 10_000 + Math.floor(Math.random() * 5000);

async function example() {
  const loaded = await loadEstate(await copyExample(folder, () => (next += 1)));
  if (!loaded.ok) throw new Error('the example is refused');
  const ports = loaded.estate.sites[SITE]?.['ports'] as Record<string, number>;
  return { ...loaded, portOf: (service: string) => ports[service] ?? 0 };
}

async function squat(port: number): Promise<void> {
  squatter = createServer().listen(port, '127.0.0.1');
  await once(squatter, 'listening');
}

it('moves nothing while every port is free', async () => {
  const { estate } = await example();
  expect(await findMovedPorts(estate, home, control)).toEqual([]);
  expect(movedWords([], 'x')).toBe('');
});

it('gives a service whose port somebody else has another one, in a copy of the estate, and says so', async () => {
  const { estate, files, portOf } = await example();
  const from = portOf('dashboard');
  await squat(from);
  const moved = await findMovedPorts(estate, home, control);
  expect(moved).toEqual([{ service: 'dashboard', name: 'Dashboard', site: SITE, from, to: expect.any(Number) }]);
  const copy = await writeMovedEstate(files, moved, join(folder, 'moved'));
  const again = await loadEstate(copy);
  if (!again.ok) throw new Error('the copy is refused');
  const to = moved[0]?.to;
  expect(again.estate.sites[SITE]?.['ports']).toMatchObject({
    dashboard: to,
    authentication: portOf('authentication'),
  });
  expect(JSON.stringify(again.estate.services['dashboard']?.checks)).toContain(`:${to}/`);
  expect(Object.keys(again.estate.runbooks)).toEqual(Object.keys(estate.runbooks));
  expect(await readFile(copy, 'utf8')).toContain('# The estate of erlmcp');
  expect(movedWords(moved, copy)).toContain(`Dashboard listens on ${to} instead of ${from}`);
});

it('leaves a service of its own on the port on which it still runs, its own or another', async () => {
  const { estate, portOf } = await example();
  const [own, elsewhere] = [portOf('authentication'), portOf('dashboard') + 1000];
  await control(CONTROL, ['start', SITE, 'authentication', '127.0.0.1', String(own)]);
  await control(CONTROL, ['start', SITE, 'dashboard', '127.0.0.1', String(elsewhere)]);
  expect(await findMovedPorts(estate, home, control)).toMatchObject([{ service: 'dashboard', to: elsewhere }]);
});
