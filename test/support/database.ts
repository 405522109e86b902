import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { waitFor } from './wait-for.ts';

const TEMPLATE = 'lifeboat_template';
/** Guards the making of the template among test files that start at once; any number that nobody else uses. */
const TEMPLATE_LOCK = 7_315_001;

export interface TestDatabase {
  url: string;
  /** Removes the database even if somebody is still connected. */
  drop(): Promise<void>;
}

/** A database of its own for one test file: a copy of the migrated template, or empty with `migrate: false`. */
export async function createTestDatabase({ migrate = true }: { migrate?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    if (migrate) await ensureTemplate(admin);
    // As files: with fsync off that costs a third of writing each page to the log.
    await admin.query(`create database ${name}${migrate ? ` template ${TEMPLATE}` : ''} strategy file_copy`);
  });
  return {
    url: urlOf(name),
    drop: () =>
      asAdmin(async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

// Made under another name and renamed, so that a failed migration never leaves a half-made template.
async function ensureTemplate(admin: Client): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const known = await admin.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (known.rowCount !== 0) return;
    const draft = `${TEMPLATE}_draft`;
    await admin.query(`drop database if exists ${draft} with (force)`);
    await admin.query(`create database ${draft}`);
    const { migrate } = await import('../../src/store/migrate.ts');
    await migrate(urlOf(draft));
    // A connection that migrate closed may still be on its way out; it must not hold up the rename.
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [draft]);
    await renameWhenFree(admin, draft);
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function renameWhenFree(admin: Client, draft: string): Promise<void> {
  await waitFor('the template to be free', async () => {
    await admin.query(`alter database ${draft} rename to ${TEMPLATE}`);
    return true;
  });
}

function urlOf(database: string): string {
  const url = new URL(inject('adminUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

async function asAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
