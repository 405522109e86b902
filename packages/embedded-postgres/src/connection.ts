import { Client } from 'pg';
import { ROLE } from './data-directory.ts';

/** The address of a database of the embedded server, password included. */
export function urlOf(port: number, password: string, database: string = ROLE): string {
  return `postgres://${ROLE}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** Connects, makes sure that the server serves this very data folder, and creates Lifeboat's database if missing. */
export async function checkServer(port: number, password: string, data: string): Promise<void> {
  const client = new Client({ connectionString: urlOf(port, password, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const served = await client.query<{ data: string }>(`select current_setting('data_directory') as data`);
    if (served.rows[0]?.data !== data)
      throw new Error(`port ${port} serves ${served.rows[0]?.data ?? '?'}, not ${data}`);
    const known = await client.query('select 1 from pg_database where datname = $1', [ROLE]);
    if (known.rowCount === 0) await client.query(`create database ${ROLE}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
