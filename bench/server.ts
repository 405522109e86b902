import { mkdtemp, rm } from 'node:fs/promises';
import pg from 'pg';
import { startPostgres } from '@lifeboat/embedded-postgres/start-postgres';

export interface BenchServer {
  /** A new empty database on the embedded server, with the product's own settings. */
  database(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** One embedded PostgreSQL for everything that is compared. */
export async function startServer(): Promise<BenchServer> {
  const home = await mkdtemp('/tmp/lifeboat-bench-');
  const server = await startPostgres({ home });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  return {
    async database(name) {
      await admin.query(`create database ${name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async stop() {
      await admin.end();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
