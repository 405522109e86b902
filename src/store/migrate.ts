import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { LifeboatError } from '../runtime/errors.ts';
import { connectProblem } from '../postgres/connect-problem.ts';
import { SILENCE_MS } from '../postgres/db.ts';
import { ROOT } from '../runtime/paths.ts';

const FOLDER = join(ROOT, 'src/store/migrations');
const LOCK = 7_150_001; // any number of our own: two Lifeboats that start together migrate one after the other

interface Migration {
  name: string;
  sql: string;
  sha256: string;
}

/** Brings the database to this program's schema, forward only; throws when an applied file was edited since. */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: SILENCE_MS });
  await connectOrSay(client, url);
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists migration (name text primary key, sha256 text not null, at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from migration');
    const applied = new Map(rows.map((row) => [row.name, row.sha256]));
    for (const migration of await migrations()) await apply(client, migration, applied.get(migration.name));
  } finally {
    await client.end();
  }
}

/** At a start nothing else of the database was tried yet: what is wrong with it shows here, in words. */
async function connectOrSay(client: pg.Client, url: string): Promise<void> {
  client.on('error', () => undefined); // whoever waits for a query hears of it
  try {
    await client.connect();
  } catch (error) {
    throw connectProblem(error, url) ?? error;
  }
}

/** The migrations of this program, in their order. */
export async function migrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(FOLDER, name), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function apply(client: pg.Client, { name, sql, sha256 }: Migration, known: string | undefined): Promise<void> {
  if (known === sha256) return;
  if (known !== undefined) {
    throw new LifeboatError(
      'conflict',
      `migration ${name} was changed after it had been applied`,
      'restore the file from the release and put the change into a new migration',
    );
  }
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into migration (name, sha256) values ($1, $2)', [name, sha256]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${name}`, { cause: error });
  }
}
