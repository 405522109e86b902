import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../../src/sandbox/postgres/process-identity.ts';
import {
  identities,
  postmasterPid,
  query,
  readyOf,
  refusalOf,
  spawnOwner,
  temporaryHome,
} from '../support/embedded-postgres.ts';
import { killQuietly } from '../support/process.ts';

const KEEP = `create table kept as select 'the night shift' as note`;
const KEPT = [{ note: 'the night shift' }];

const combinations = identities().flatMap((identity) =>
  (['path', 'npm'] as const).map((binaries) => ({ identity, binaries, who: identity.name })),
);

describe.each(combinations)('embedded PostgreSQL with binaries from $binaries as $who', ({ identity, binaries }) => {
  const home = () => temporaryHome(identity);
  const start = async (where: string) => {
    const program = spawnOwner(where, binaries, identity);
    return { program, server: await readyOf(program) };
  };
  const skip = identity.obstacle !== undefined;

  test.skipIf(skip)('stops cleanly on SIGTERM and finds its data and its port again', async () => {
    const where = home();
    const first = await start(where);
    await query(first.server.url, KEEP);
    first.program.signal('SIGTERM');
    expect(await first.program.exit()).toEqual({ code: 0, signal: null });
    expect(first.program.output()).not.toMatch(/ended/);
    expect(isAlive(first.server.pid)).toBe(false);
    expect(postmasterPid(join(where, 'postgres'))).toBeUndefined();

    const second = await start(where);
    expect(second.server).toMatchObject({ adopted: false, port: first.server.port, url: first.server.url });
    expect(await query(second.server.url, 'select note from kept')).toEqual(KEPT);
  });

  test.skipIf(skip)(
    'adopts the server that a killed Lifeboat left running, with its data, and stops it on SIGTERM',
    async () => {
      const where = home();
      const first = await start(where);
      await query(first.server.url, KEEP);
      await first.program.kill9();
      expect(isAlive(first.server.pid)).toBe(true);

      const second = await start(where);
      expect(second.server).toEqual({ ...first.server, adopted: true });
      expect(await query(second.server.url, 'select note from kept')).toEqual(KEPT);
      second.program.signal('SIGTERM');
      expect(await second.program.exit()).toEqual({ code: 0, signal: null });
      expect(isAlive(first.server.pid)).toBe(false);
    },
  );

  test.skipIf(skip)('notices that its server was killed, and another start recovers the data', async () => {
    const where = home();
    const first = await start(where);
    await query(first.server.url, KEEP);
    killQuietly(first.server.pid);
    await first.program.line(/^ended: SIGKILL$/);

    const second = await start(where);
    expect(second.server.adopted).toBe(false);
    expect(await query(second.server.url, 'select note from kept')).toEqual(KEPT);
  });

  test.skipIf(skip)(
    'notices that an adopted server was killed, and starts anew when Lifeboat is killed too',
    async () => {
      const where = home();
      const first = await start(where);
      await query(first.server.url, KEEP);
      await first.program.kill9();
      const second = await start(where);
      killQuietly(first.server.pid);
      await second.program.line(/^ended: its process is gone$/);
      await second.program.kill9();

      const third = await start(where);
      expect(third.server.adopted).toBe(false);
      expect(await query(third.server.url, 'select note from kept')).toEqual(KEPT);
    },
  );

  test.skipIf(skip)('lets nobody in without the password, and listens on loopback only', async () => {
    const where = home();
    const { server } = await start(where);
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

  test.skipIf(skip)('gives the home to exactly one of three that start at once, and the others name it', async () => {
    const where = home();
    const programs = [1, 2, 3].map(() => spawnOwner(where, binaries, identity));
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
    expect(await query((await readyOf(winner!)).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
