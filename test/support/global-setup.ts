import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { isAlive } from '@lifeboat/embedded-postgres/process-identity';
import { startPostgres } from '@lifeboat/embedded-postgres/start-postgres';
import { ensureBuilt, needsBuild } from './build.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser's address of the run's PostgreSQL cluster, on its database `lifeboat`. */
    adminUrl: string;
  }
}

const PREFIX = 'lifeboat-tests-';

/** One PostgreSQL cluster per test run, in a temporary folder that goes with the run however it ends. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeLeftovers();
  if (needsBuild(process.argv.slice(2))) await ensureBuilt();
  const home = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // The server's own user must pass when the tests run as root.
  if (process.getuid?.() === 0) chmodSync(home, 0o711);
  const remove = (): void => rmSync(home, { recursive: true, force: true });
  // No durability against a power cut, and room for the pools of all test files.
  const settings = {
    ...{ fsync: 'off', full_page_writes: 'off', autovacuum: 'off' },
    ...{ max_connections: '300', max_wal_size: '256MB' },
  };
  const postgres = await startPostgres({ home, settings }).catch((error: unknown) => {
    remove();
    throw error;
  });
  // Without passwords: some thousand connections are opened, and checking one takes a fifth of the time of each.
  writeFileSync(join(home, 'postgres/data/pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n');
  process.kill(postgres.pid, 'SIGHUP');
  const atOnce = (): void => {
    process.kill(postgres.pid, 'SIGQUIT');
    remove();
  };
  process.once('exit', atOnce);
  project.provide('adminUrl', postgres.url);
  return async () => {
    await postgres.stop();
    process.off('exit', atOnce);
    remove();
  };
}

// What runs that were killed left behind: their folder name holds their pid.
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const home = join(tmpdir(), name);
    try {
      const postmaster = readFileSync(join(home, 'postgres/data/postmaster.pid'), 'utf8').split('\n');
      if (postmaster[1] === join(home, 'postgres/data')) process.kill(Number(postmaster[0]), 'SIGQUIT');
    } catch {
      // No server left.
    }
    rmSync(home, { recursive: true, force: true });
  }
}
