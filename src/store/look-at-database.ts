import pg from 'pg';
import { connectProblem } from '../postgres/connect-problem.ts';
import { SILENCE_MS } from '../postgres/db.ts';
import { migrations } from './migrate.ts';
import { presenceIn, type Presence } from './presence.ts';

/** What can be seen of a database without changing anything. */
export interface DatabaseLook {
  version: string;
  now: Date;
  /** Migrations of this program that the next start applies. */
  waiting: string[];
  /** Applied ones that this program has in another form, or not at all: another version made them. */
  foreign: string[];
  /** Whether the user may make what the first start needs. */
  may_create: boolean;
  /** The processes of Lifeboat that are connected. */
  processes: Presence[];
}

/** Looks at a database in a transaction that cannot write; throws a LifeboatError that says why it cannot be used. */
export async function lookAtDatabase(url: string): Promise<DatabaseLook> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lifeboat-doctor',
    connectionTimeoutMillis: SILENCE_MS,
    query_timeout: SILENCE_MS,
  });
  client.on('error', () => undefined); // whoever waits for a query hears of it
  try {
    await client.connect();
    await client.query('begin read only');
    return await look(client);
  } catch (error) {
    throw connectProblem(error, url) ?? error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function look(client: pg.Client): Promise<DatabaseLook> {
  const { rows: facts } = await client.query<Facts>(
    `select current_setting('server_version') as version, clock_timestamp() as now,
            has_database_privilege(current_database(), 'create') as may_create,
            to_regclass('migration') is not null as used`,
  );
  const [{ version, now, may_create, used } = UNKNOWN] = facts;
  const applied = used ? (await client.query<Applied>('select name, sha256 from migration')).rows : [];
  const ours = new Map((await migrations()).map(({ name, sha256 }) => [name, sha256]));
  const names = new Set(applied.map(({ name }) => name));
  const { rows: connections } = await client.query<{ application_name: string }>(
    'select application_name from pg_stat_activity where datname = current_database()',
  );
  return {
    ...{ version, now, may_create },
    waiting: [...ours.keys()].filter((name) => !names.has(name)),
    foreign: applied.filter(({ name, sha256 }) => ours.get(name) !== sha256).map(({ name }) => name),
    processes: connections.flatMap(({ application_name }) => presenceIn(application_name) ?? []),
  };
}

interface Facts {
  version: string;
  now: Date;
  may_create: boolean;
  used: boolean;
}
interface Applied {
  name: string;
  sha256: string;
}
const UNKNOWN: Facts = { version: '?', now: new Date(0), may_create: false, used: false };
