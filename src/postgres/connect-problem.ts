import pg from 'pg';
import { LifeboatError, messageOf } from '../runtime/errors.ts';

/** Why a database cannot be used at the start, as a sentence with the fix; null when the error says something else. */
export function connectProblem(error: unknown, url: string): LifeboatError | null {
  const code = codeOf(error);
  const known = KNOWN.find(({ codes, words }) => codes.includes(code) || words?.test(messageOf(error)) === true);
  if (!known) return null;
  return new LifeboatError(
    'unavailable',
    `${placeOf(url)} ${known.what} (${code === '' ? messageOf(error) : code})`,
    known.fix,
    {
      cause: error,
    },
  );
}

const KNOWN: { codes: string[]; words?: RegExp; what: string; fix: string }[] = [
  {
    codes: ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EPIPE'],
    words: /timeout expired|timeout exceeded|terminated unexpectedly/i,
    what: 'does not answer',
    fix: 'start PostgreSQL, or correct host and port in DATABASE_URL; then start Lifeboat again',
  },
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN'],
    what: 'has a host that nobody knows',
    fix: 'correct the host in DATABASE_URL, or the name service of this machine',
  },
  {
    codes: ['28P01', '28000'],
    what: 'refuses the user or the password',
    fix: 'correct them in DATABASE_URL, or let the user in (pg_hba.conf)',
  },
  { codes: ['3D000'], what: 'does not exist', fix: 'create the database, or correct its name in DATABASE_URL' },
  {
    codes: ['57P03', '57P01', '57P02'],
    what: 'is starting or stopping',
    fix: 'wait until PostgreSQL takes connections, then start Lifeboat again',
  },
  {
    codes: ['53300'],
    what: 'has no connection left',
    fix: 'raise max_connections, or end what holds them; docs/operating.md says how many Lifeboat needs',
  },
  {
    codes: ['42501'],
    what: 'does not let its user do what is needed',
    fix: 'let the user of DATABASE_URL own the database, or grant it CREATE there and in the schema public',
  },
  {
    codes: [],
    words: /does not support SSL|SSL|certificate/,
    what: 'and Lifeboat do not agree on TLS',
    fix: 'add or correct `?sslmode=` in DATABASE_URL',
  },
];

/** Host, port and database, never the password. */
function placeOf(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    const host = searchParams.get('host') ?? (hostname === '' ? 'this machine' : hostname);
    return `the database \`${pathname.slice(1)}\` on ${host}${port === '' ? '' : `:${port}`}`;
  } catch {
    return 'the database of DATABASE_URL';
  }
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof pg.DatabaseError) return error.code ?? '';
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
