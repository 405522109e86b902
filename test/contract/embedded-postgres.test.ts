import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';
import {
  identities,
  postmasterPid,
  query,
  readyOf,
  refusalOf,
  spawnOwner,
  temporaryHome,
} from '../support/embedded-postgres.ts';
import { killQuietly, type SpawnedProgram } from '../support/process.ts';

const KEEP = `create table kept as select 'the night shift' as note`;
const KEPT = [{ note: 'the night shift' }];

interface Owner {
  program: SpawnedProgram;
  server: Awaited<ReturnType<typeof readyOf>>;
}

const combinations = identities().flatMap((identity) =>
  (['path', 'npm'] as const).map((binaries) => ({ identity, binaries, who: identity.name })),
);

// The life of one home, each test from where the one before left it: making a cluster takes most of the time.
describe.each(combinations)('embedded PostgreSQL with binaries from $binaries as $who', ({ identity, binaries }) => {
  const skip = identity.obstacle !== undefined;
  let where: string;
  let owner: Owner;
  const ends: (() => void | Promise<void>)[] = [];
  const atEnd = (work: () => void | Promise<void>): void => void ends.unshift(work);
  beforeAll(() => {
    if (!skip) where = temporaryHome(identity, atEnd);
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });
  const start = async (): Promise<Owner> => {
    const program = spawnOwner(where, binaries, identity, atEnd);
    return { program, server: await readyOf(program) };
  };

  test.skipIf(skip)('gives the home to exactly one of three that start at once, and the others name it', async () => {
    const programs = [1, 2, 3].map(() => spawnOwner(where, binaries, identity, atEnd));
    const words = await Promise.all(programs.map((program) => program.line(/^(ready|refused): /)));
    expect(words.map(([, word]) => word).sort()).toEqual(['ready', 'refused', 'refused']);
    const [winner, ...losers] = programs.toSorted(
      (a, b) => Number(/^refused/m.test(a.output())) - Number(/^refused/m.test(b.output())),
    );
    for (const loser of losers) {
      expect(await refusalOf(loser)).toContain(
        `in use by process ${winner!.pid}; one home serves one Lifeboat. Fix: Stop`,
      );
      expect((await loser.exit()).code).toBe(1);
    }
    owner = { program: winner!, server: await readyOf(winner!) };
    expect(await query(owner.server.url, KEEP)).toEqual([]);
  });

  test.skipIf(skip)('lets nobody in without the password, and listens on loopback only', async () => {
    const { server } = owner;
    for (const password of ['', 'password', 'postgres']) {
      const url = new URL(server.url);
      url.password = password;
      await expect(query(url.href, 'select 1')).rejects.toThrow(/password/i);
    }
    expect(await query(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(server.url, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
    expect(await query(server.url, `select distinct auth_method from pg_hba_file_rules`)).toEqual([
      { auth_method: 'scram-sha-256' },
    ]);
    const modes = readdirSync(join(where, 'postgres'))
      .filter((name) => name.startsWith('password'))
      .map((name) => [name, statSync(join(where, 'postgres', name)).mode & 0o777]);
    expect(modes).toEqual([['password', 0o600]]);
  });

  test.skipIf(skip)('stops cleanly on SIGTERM and finds its data and its port again', async () => {
    const first = owner;
    first.program.signal('SIGTERM');
    expect(await first.program.exit()).toEqual({ code: 0, signal: null });
    expect(first.program.output()).not.toMatch(/ended/);
    expect(isAlive(first.server.pid)).toBe(false);
    expect(postmasterPid(join(where, 'postgres'))).toBeUndefined();

    owner = await start();
    expect(owner.server).toMatchObject({ adopted: false, port: first.server.port, url: first.server.url });
    expect(await query(owner.server.url, 'select note from kept')).toEqual(KEPT);
  });

  test.skipIf(skip)(
    'adopts the server that a killed Lifeboat left running, with its data, and stops it on SIGTERM',
    async () => {
      const first = owner;
      await first.program.kill9();
      expect(isAlive(first.server.pid)).toBe(true);

      const second = await start();
      expect(second.server).toEqual({ ...first.server, adopted: true });
      expect(await query(second.server.url, 'select note from kept')).toEqual(KEPT);
      second.program.signal('SIGTERM');
      expect(await second.program.exit()).toEqual({ code: 0, signal: null });
      expect(isAlive(first.server.pid)).toBe(false);
    },
  );

  test.skipIf(skip)('notices that its server was killed, and another start recovers the data', async () => {
    const first = await start();
    killQuietly(first.server.pid);
    await first.program.line(/^ended: SIGKILL$/);

    owner = await start();
    expect(owner.server.adopted).toBe(false);
    expect(await query(owner.server.url, 'select note from kept')).toEqual(KEPT);
  });

  test.skipIf(skip)(
    'notices that an adopted server was killed, and starts anew when Lifeboat is killed too',
    async () => {
      await owner.program.kill9();
      const second = await start();
      expect(second.server).toEqual({ ...owner.server, adopted: true });
      killQuietly(second.server.pid);
      await second.program.line(/^ended: its process is gone$/);
      await second.program.kill9();

      const third = await start();
      expect(third.server.adopted).toBe(false);
      expect(await query(third.server.url, 'select note from kept')).toEqual(KEPT);
    },
  );
});
