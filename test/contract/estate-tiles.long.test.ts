import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { createLog } from '../../src/runtime/log.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { createControl } from '@lifeboat/sandbox/estate/control';
import { EstateTiles } from '@lifeboat/sandbox/estate/estate-tiles';
import type { ServiceTile } from '@lifeboat/sandbox/page/protocol';
import { CONTROL, createErlmcp, type Erlmcp } from '../support/erlmcp.ts';
import { waitFor } from '../support/wait-for.ts';

const LONG = { timeoutMs: 25_000 };
vi.setConfig({ testTimeout: 90_000 });
let estate: Estate;
let erlmcp: Erlmcp;
let folder: string;
let tiles: EstateTiles;
let changes: ServiceTile[];

/** erlmcp's own estate on free ports, with the tiles of one sandbox after the other. */
beforeAll(async () => {
  const loaded = await loadEstate(join(ROOT, 'examples/erlmcp/estate.yaml'));
  if (!loaded.ok) throw new Error('the estate has problems');
  ({ estate } = loaded);
  const site = estate.sites['us-east-1']!;
  erlmcp = await createErlmcp(Object.keys(site['ports'] as object));
  folder = await mkdtemp(join(tmpdir(), 'tiles-'));
  Object.assign(site, { ports: erlmcp.ports, control: CONTROL });
});
afterAll(async () => {
  await tiles.close();
  await erlmcp.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startTiles(): Promise<void> {
  changes = [];
  tiles = new EstateTiles({
    ...{ estate, control: createControl(erlmcp.env), memory: join(folder, 'aside.json'), everyMs: 200 },
    ...{ onChange: (tile) => changes.push(tile), log: createLog({ level: 'fatal' }) },
  });
  await tiles.startAll();
}

const tile = (id: string): ServiceTile => tiles.tiles().find((each) => each.id === id)!;
const becomes = (id: string, wanted: Partial<ServiceTile>): Promise<ServiceTile> =>
  waitFor(
    `${id} to be ${JSON.stringify(wanted)}, not ${JSON.stringify(tile(id))}`,
    () => {
      expect(tile(id)).toMatchObject(wanted);
      return tile(id);
    },
    LONG,
  );
const allUp = (): Promise<boolean> =>
  waitFor('all to be up', () => tiles.tiles().every(({ health }) => health === 'up'), LONG);

describe('the tiles of the estate', () => {
  it('start everything at first, each after those that it needs, and tell of each change', async () => {
    await startTiles();
    expect(tiles.tiles().map(({ id }) => id)).toHaveLength(8);
    await allUp();
    expect(tile('api-gateway')).toMatchObject({
      ...{ name: 'API gateway', site: 'us-east-1', tier: 1, port: erlmcp.ports['api-gateway'], broken: null },
      ...{ depends_on: ['authentication'], remedy: 'recover api-gateway' },
    });
    expect(tile('api-gateway').reason).toMatch(/^healthy, \d+ ms$/);
    const told = changes.length;
    const { reason } = tile('dashboard');
    await waitFor('another look', () => tile('dashboard').reason !== reason, LONG);
    expect(changes).toHaveLength(told);
  });

  it('show one that was killed and those that need it, until it is mended', async () => {
    await tiles.break('authentication', 'kill');
    expect(tile('authentication').broken).toBe('kill');
    await becomes('authentication', { health: 'down', reason: 'not running: connection refused', pid: null });
    await becomes('api-gateway', {
      ...{ health: 'degraded', reason: 'needs authentication, which refuses connections', broken: null },
    });
    expect(changes.map(({ id, health }) => `${id} ${health}`)).toContain('api-gateway degraded');
    await tiles.mend('authentication');
    await becomes('authentication', { health: 'up', broken: null });
    await allUp();
  });

  it('notice what was cured by somebody else', async () => {
    await tiles.break('session-manager', 'errors');
    await becomes('session-manager', { health: 'down', reason: 'answers 500: internal error', broken: 'errors' });
    await erlmcp.must('restart', 'session-manager');
    await becomes('session-manager', { health: 'up', broken: null });
    await tiles.break('resource-management', 'corrupt');
    await becomes('resource-management', {
      ...{ health: 'down', broken: 'corrupt', remedy: 'run restore-directory service=resource-management' },
    });
    await erlmcp.must('restore', 'resource-management');
    await becomes('resource-management', { health: 'up', broken: null, remedy: 'recover resource-management' });
  });

  it('tell slow, silent and refusing ones apart', async () => {
    await tiles.break('dashboard', 'hang');
    await tiles.break('monitoring', 'slow');
    await tiles.break('tool-orchestration', 'refuse');
    await becomes('tool-orchestration', { health: 'down', reason: 'connection refused', broken: 'refuse' });
    await becomes('monitoring', { health: 'degraded', reason: expect.stringContaining('needs') as string });
    await becomes('dashboard', { health: 'down', reason: 'takes connections, but does not answer' });
    expect(tile('tool-orchestration').pid).not.toBeNull();
    await tiles.mend('tool-orchestration');
    await becomes('monitoring', {
      health: 'degraded',
      reason: expect.stringMatching(/^answers take 3/) as string,
      broken: 'slow',
    });
    await tiles.mend('monitoring');
  });

  it('leave everything as it was when the sandbox starts again beside it', async () => {
    await tiles.break('api-gateway', 'kill');
    const before = tile('authentication').pid;
    const stuck = tile('dashboard').pid;
    await tiles.close();
    await startTiles();
    expect(tile('dashboard')).toMatchObject({ broken: 'hang', pid: stuck });
    await becomes('authentication', { health: 'up', pid: before });
    await becomes('api-gateway', { health: 'down', broken: 'kill', pid: null });
    await becomes('dashboard', { health: 'down', reason: 'takes connections, but does not answer', broken: 'hang' });
  });

  it('bring back after a clean stop what ran before, as broken as it was, and not what was down', async () => {
    process.kill(tile('database-cluster').pid!, 'SIGKILL');
    await becomes('database-cluster', { health: 'down' });
    await tiles.stopAll();
    expect((await erlmcp.must('status', 'authentication')).trim()).toBe('authentication does not run');
    await startTiles();
    await becomes('authentication', { health: 'up' });
    await becomes('database-cluster', { health: 'up', broken: null }); // it had ended by itself
    await becomes('dashboard', { health: 'down', reason: 'takes connections, but does not answer', broken: 'hang' });
    await becomes('api-gateway', { health: 'down', broken: 'kill' });
    await tiles.mend('api-gateway');
    await tiles.mend('dashboard');
    await allUp();
  });

  it('refuse what cannot be, in words', async () => {
    await expect(tiles.break('api-gatewai', 'kill')).rejects.toThrow('no service api-gatewai runs here');
    await erlmcp.must('stop', 'dashboard');
    await expect(tiles.break('dashboard', 'slow')).rejects.toThrow('dashboard does not run; start it');
  });
});
