import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from './runtime/config.ts';
import { messageOf } from './runtime/errors.ts';
import type { Log } from './runtime/log.ts';
import { locateBase } from '@lifeboat/embedded-postgres/locate-base';
import { startPostgres } from '@lifeboat/embedded-postgres/start-postgres';
import type { RunningPostgres } from '@lifeboat/embedded-postgres/running-postgres';

export interface Database {
  url: string;
  /** Where this process must be able to write. */
  folders: string[];
  stop(): Promise<void>;
}

/** The database that was named, or a real PostgreSQL server of our own in the home folder, restarted if it dies. */
export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'home'>, log: Log): Promise<Database> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, folders: [], stop: () => Promise.resolve() };
  const home = resolve(config.home);
  await mkdir(home, { recursive: true });
  const started = performance.now();
  let server = await startPostgres({ home, log });
  log.info(
    { adopted: server.adopted, version: server.version, ms: Math.round(performance.now() - started) },
    'database started',
  );
  let stopping = false;
  const watch = (running: RunningPostgres): void =>
    running.onExit(() => {
      if (!stopping) void again();
    });
  const again = async (): Promise<void> => {
    log.error('database died, starting it again');
    while (!stopping) {
      try {
        server = await startPostgres({ home, log, port: server.port });
        watch(server);
        return;
      } catch (error) {
        log.error({ err: messageOf(error) }, 'database not started');
        await new Promise((done) => setTimeout(done, 1000));
      }
    }
  };
  watch(server);
  return {
    url: server.url,
    folders: [home, locateBase(home, log).path],
    async stop() {
      stopping = true;
      await server.stop();
    },
  };
}
