import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Base } from '@lifeboat/embedded-postgres/locate-base';
import { prepareBinaries } from '@lifeboat/embedded-postgres/npm-binaries';
import { runCommand } from '@lifeboat/embedded-postgres/run-command';
import { chooseServerUser } from '@lifeboat/embedded-postgres/server-user';
import { startPostgres } from '@lifeboat/embedded-postgres/start-postgres';
import type { PostgresOptions } from '@lifeboat/embedded-postgres/start-postgres';
import {
  identities,
  platformPackage,
  postmasterPid,
  query,
  readyOf,
  refusalOf,
  spawnOwner,
  temporaryHome,
} from '../support/embedded-postgres.ts';
import { killQuietly } from '../support/process.ts';
import { waitFor } from '../support/wait-for.ts';

const root = process.getuid?.() === 0;

async function start(home: string, options: Partial<PostgresOptions> = {}) {
  const postgres = await startPostgres({ home, binaries: 'npm', settings: { fsync: 'off' }, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

/** A home in which a server ran before: making one takes most of the time of a first start. */
let used = '';
beforeAll(async () => {
  used = mkdtempSync(join(tmpdir(), 'lifeboat-used-'));
  if (root) chmodSync(used, 0o711);
  const postgres = await startPostgres({ home: used, binaries: 'npm', settings: { fsync: 'off' } });
  await postgres.stop();
});
afterAll(() => rmSync(used, { recursive: true, force: true }));

function usedHome(): string {
  const home = temporaryHome();
  // cpSync would not keep the owner.
  execFileSync('cp', ['-a', join(used, 'postgres'), home]);
  return home;
}

test('refuses a folder with foreign files, says so, and leaves them alone', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'postgres/data'), { recursive: true });
  writeFileSync(join(home, 'postgres/data/holiday.jpg'), 'sun');
  await expect(start(home)).rejects.toMatchObject({
    message: expect.stringContaining('holds files but is not a PostgreSQL data folder') as string,
    fix: expect.stringContaining('Move the folder away') as string,
  });
  expect(readdirSync(join(home, 'postgres/data'))).toEqual(['holiday.jpg']);
});

test('refuses data of another major version and names both versions', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'postgres/data'), { recursive: true });
  writeFileSync(join(home, 'postgres/data/PG_VERSION'), '12\n');
  await expect(start(home)).rejects.toThrow(/written by PostgreSQL 12, but the server at hand is 18\.\d+/);
  await expect(start(home, { binaries: 'auto' })).rejects.toThrow(/written by PostgreSQL 12/);
});

test('the data decides which of the binaries at hand are used', async () => {
  const home = usedHome();
  const first = await start(home);
  await first.stop();
  const again = await start(home, { binaries: 'auto' });
  expect(again.version).toBe(first.version);
});

test('says what the server said when its data is damaged, and frees the home again', async () => {
  const home = usedHome();
  rmSync(join(home, 'postgres/data/global/pg_control'));
  const failure = { name: 'EmbeddedPostgresError', message: expect.stringContaining('pg_control') as string };
  await expect(start(home)).rejects.toMatchObject(failure);
  await expect(start(home)).rejects.toMatchObject(failure);
});

test('says which file is missing when the password is lost', async () => {
  const home = usedHome();
  rmSync(join(home, 'postgres/password'));
  await expect(start(home)).rejects.toThrow(/password of the database .* is not readable/);
});

test('takes another port when the one used last is taken', async () => {
  const home = usedHome();
  const first = await start(home);
  await first.stop();
  const squatter = createServer();
  onTestFinished(() => void squatter.close());
  await new Promise<void>((resolve) => squatter.listen(first.port, '127.0.0.1', resolve));
  const second = await start(home);
  expect(second.port).not.toBe(first.port);
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('refuses a fixed port that is taken', async () => {
  const squatter = createServer();
  onTestFinished(() => void squatter.close());
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const { port } = squatter.address() as { port: number };
  await expect(start(usedHome(), { port })).rejects.toMatchObject({
    message: expect.stringContaining(`did not start on port ${port}`) as string,
    fix: expect.stringContaining(`Port ${port} is taken`) as string,
  });
});

test('is not fooled by pid files whose pids belong to others by now', async () => {
  const home = usedHome();
  const data = join(home, 'postgres/data');
  const stranger = [process.pid, data, 1, 5432, '', '127.0.0.1', '', 'ready'].join('\n');
  writeFileSync(join(data, 'postmaster.pid'), stranger);
  writeFileSync(join(home, 'postgres/owner.json'), JSON.stringify({ pid: 1, start: 'another life' }));
  const second = await start(home);
  expect(second.adopted).toBe(false);
  expect(postmasterPid(join(home, 'postgres'))).toBe(second.pid);
});

test('starts afresh after a kill in the middle of the first start', async () => {
  const home = temporaryHome();
  const owner = spawnOwner(home, 'npm');
  await waitFor('a half-made cluster', () => existsSync(join(home, 'postgres/data.new/PG_VERSION')), { everyMs: 1 });
  await owner.killTree();
  expect(existsSync(join(home, 'postgres/data'))).toBe(false);
  const postgres = await start(home);
  expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(readdirSync(join(home, 'postgres')).filter((name) => name.includes('.new'))).toEqual([]);
});

test('adopts a server that was still starting when its Lifeboat was killed', async () => {
  const home = usedHome();
  const first = await start(home);
  await query(first.url, 'create table kept (id int)');
  await first.stop();
  const log = join(home, 'postgres/server.log');
  const before = statSync(log).size;
  const owner = spawnOwner(home, 'npm');
  await waitFor('the first word of the new server', () => statSync(log).size > before, { everyMs: 1 });
  await owner.kill9();
  const second = await start(home);
  expect(second.adopted).toBe(true);
  expect(await query(second.url, 'select * from kept')).toEqual([]);
});

test('can be started again in the same process, but only once its server has ended', async () => {
  const home = usedHome();
  const first = await start(home);
  await expect(start(home)).rejects.toThrow(`this very process (pid ${process.pid})`);
  const ended = new Promise<string>((resolve) => first.onExit(resolve));
  killQuietly(first.pid);
  expect(await ended).toBe('SIGKILL');
  expect(await new Promise((resolve) => first.onExit(resolve))).toBe('SIGKILL');
  const second = await start(home);
  await first.stop();
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('stopping twice, and stopping while clients are busy, ends well and is no unexpected end', async () => {
  const postgres = await start(usedHome());
  const ends: string[] = [];
  postgres.onExit((reason) => ends.push(reason));
  const busy = query(postgres.url, 'select pg_sleep(60)').catch((error: unknown) => String(error));
  await waitFor('the busy client', async () => {
    const rows = await query(
      postgres.url,
      `select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`,
    );
    return rows.length > 0;
  });
  await Promise.all([postgres.stop(), postgres.stop()]);
  expect(await busy).toMatch(/terminating connection|Connection terminated/);
  expect(ends).toEqual([]);
});

test('copies binaries that cannot be linked or reached where they are, and the copy runs', async () => {
  const home = temporaryHome();
  const user = chooseServerUser(join(home, 'none'));
  const base: Base = { path: home, data: join(home, 'none'), user };
  const locked = join(home, 'locked/package');
  cpSync(platformPackage(), locked, { recursive: true, verbatimSymlinks: true });
  const lib = join(locked, 'native/lib');
  for (const name of readdirSync(lib)) if (lstatSync(join(lib, name)).isSymbolicLink()) rmSync(join(lib, name));
  chmodSync(root ? join(home, 'locked') : lib, root ? 0o700 : 0o555);
  onTestFinished(() => chmodSync(root ? join(home, 'locked') : lib, 0o755));

  const bin = await prepareBinaries(locked, base);
  expect(bin).toMatch(new RegExp(`^${home}/binaries-`));
  expect(await prepareBinaries(locked, base)).toBe(bin);
  const version = await runCommand(join(bin, 'postgres'), ['--version'], { as: user });
  expect(version).toMatchObject({ ok: true, output: expect.stringContaining('(PostgreSQL) 18') as string });
});

test.skipIf(!root)(
  'as root under a folder only root may enter, keeps the data elsewhere and finds it again',
  async () => {
    const home = temporaryHome();
    chmodSync(home, 0o700);
    const first = spawnOwner(home, 'npm');
    const { url, port } = await readyOf(first);
    const [, elsewhere = ''] = await first.line(/^warning: .*keeps its data elsewhere.*"data":"([^"]+)"/);
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    expect(elsewhere).toMatch(/^\/var\/lib\/lifeboat\/postgres-/);
    await query(url, 'create table kept (id int)');
    first.signal('SIGTERM');
    await first.exit();

    const second = spawnOwner(home, 'npm');
    expect(await readyOf(second)).toMatchObject({ port, url });
    expect(await query(url, 'select * from kept')).toEqual([]);
    expect(readFileSync(join(home, 'postgres/moved-to'), 'utf8').trim()).toBe(elsewhere);
    second.signal('SIGTERM');
    await second.exit();
  },
);

const reachable = identities().every(({ obstacle }) => obstacle === undefined);

test.skipIf(!root || !reachable)(
  'as a user without an account, says why PostgreSQL refuses and what to do',
  async () => {
    const identity = { name: 'a user without an account', user: { uid: 54_321, gid: 54_321 } };
    const owner = spawnOwner(temporaryHome(identity), 'npm', identity);
    expect(await refusalOf(owner)).toMatch(/could not look up effective user ID 54321.* Fix: Run as a user that/);
  },
);
