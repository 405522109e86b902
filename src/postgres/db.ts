import pg from 'pg';
import { busy, LifeboatError } from '../runtime/errors.ts';

export type Tx = pg.PoolClient;
/** Anything that takes a query: the pool for single reads, a transaction for the rest. */
export type Db = pg.Pool | Tx;

/**
 * A server that answers nothing for this long is given up on, in ms: TCP alone would wait a quarter of an hour for a
 * machine that lost its power. It equally ends a transaction whose client is gone, so that it keeps no lock.
 */
export const SILENCE_MS = 10_000;

/**
 * Every statement here finds its rows by an index. A plan that was prepared while the tables were new would scan or hash
 * them whole for as long as its connection lives: one result of an effect then visits every effect. Compiling plans costs
 * more than all of these cost to run.
 */
const PLANS = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

/** A row that somebody else keeps locked for this long is given up on, in ms; Slack shows a failure after 3 s. */
const LOCK_MS = 2000;

/** A new connection costs tens of milliseconds, mostly for the password: those that were needed once are kept, in ms. */
const IDLE_MS = 600_000;

/** Opens a pool; `onError` hears of idle connections that broke (a restarted server), which the pool replaces. */
export function openPool(
  url: string,
  max: number,
  onError: (error: Error) => void,
  silence_ms: number = SILENCE_MS,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'lifeboat',
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: silence_ms,
    query_timeout: silence_ms,
    idle_in_transaction_session_timeout: silence_ms,
    idleTimeoutMillis: IDLE_MS,
    options: `${PLANS} -c lock_timeout=${LOCK_MS}`,
  });
  pool.on('error', onError);
  return pool;
}

/** Sends the commit right behind a statement that nothing follows: one wait for both. */
export type Last = <T>(statement: Promise<T>) => Promise<T>;

/**
 * Runs `work` in one transaction; a throw rolls back everything and is passed on. `begin` travels with the first
 * statement of the work, and a statement given to `last` with the commit.
 */
export async function transact<T>(pool: pg.Pool, work: (tx: Tx, last: Last) => Promise<T>): Promise<T> {
  const tx = await pool.connect().catch((error: unknown) => {
    throw new LifeboatError('unavailable', 'the database does not answer', 'try again in a moment', { cause: error });
  });
  let broken: Error | undefined;
  let committed: Promise<unknown> | undefined;
  try {
    const begun = tx.query('begin');
    const last: Last = (statement) => {
      committed = tx.query('commit');
      committed.catch(() => undefined); // the statement's own failure says more
      return statement;
    };
    const [, result] = await Promise.all([begun, work(tx, last)]);
    committed ??= tx.query('commit');
    await committed;
    return result;
  } catch (error) {
    await tx.query('rollback').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    if (isLockTimeout(error)) throw busy(error);
    throw committed && isAway(error) ? lostAtCommit(error) : error;
  } finally {
    tx.release(broken);
  }
}

const lostAtCommit = (cause: unknown): LifeboatError =>
  new LifeboatError(
    'unavailable',
    'the database went away while this was being written, so it may or may not be done',
    'look with `/dr status` before you do it again',
    { cause },
  );

/**
 * Lets this transaction's commit return before the disk has it. Its order among other commits stays: a crash of the
 * server takes the newest ones back, and any later commit that waits for the disk waits for this one too.
 */
export async function commitWithoutWaiting(tx: Tx): Promise<void> {
  await tx.query('set local synchronous_commit = off');
}

/** Runs a static statement, prepared once for each connection. */
export async function rows<Row extends pg.QueryResultRow>(
  db: Db,
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const result = await db.query<Row>({ name, text, values });
  return result.rows;
}

/**
 * Reads on one connection: statements that are sent without waiting for each other then travel together, where each of
 * them alone would wait for a connection of its own.
 */
export async function together<T>(db: Db, work: (one: Tx) => Promise<T>): Promise<T> {
  if (!(db instanceof pg.Pool)) return work(db);
  const one = await db.connect();
  let broken: Error | undefined;
  try {
    return await work(one);
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    one.release(broken);
  }
}

/** The one clock that times are measured by, to the millisecond. */
export async function databaseClock(db: Db): Promise<Date> {
  const [row] = await rows<{ now: Date }>(
    db,
    'clock',
    `select date_trunc('milliseconds', clock_timestamp()) as now`,
    [],
  );
  return row?.now ?? new Date();
}

/** PostgreSQL's 23505: another transaction wrote the same key first. */
function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}

/** PostgreSQL's 55P03: a lock was not to be had within `lock_timeout`. */
function isLockTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '55P03';
}

/** Whether another transaction was in the way, so that the same work may succeed now: a unique key, a deadlock, a lock. */
export function isLostRace(error: unknown): boolean {
  if (error instanceof LifeboatError) return error.code === 'busy';
  return (
    isUniqueViolation(error) ||
    isLockTimeout(error) ||
    (error instanceof pg.DatabaseError && /^40/.test(error.code ?? ''))
  );
}

/** Whether the database failed in any way, rather than what was made of its answers: asking again may go better. */
export const isOfDatabase = (error: unknown): boolean => error instanceof pg.DatabaseError || isAway(error);

/**
 * PostgreSQL's codes (SQLSTATE) of a server that cannot be talked to now: connection lost (08), shutting down, crashed or
 * starting (57P01 to 57P03), out of connections, memory or disk (53), a transaction that was silent too long (25P03).
 */
const AWAY_STATES = /^(08...|57P0[123]|53...|25P03)$/;

/** The system's codes of a server that cannot be reached now. */
const AWAY_CODES: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH'],
  ...['ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'ENOTCONN'],
]);

/** What node-postgres 8.23 says, word for word, of a connection that is lost or silent: it gives these errors no code. */
const AWAY_WITHOUT_CODE: ReadonlySet<string> = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'There was an error establishing an SSL connection',
]);

/** Whether the database is away for now (stopping, starting, unreachable), rather than refusing what was asked. */
export function isAway(error: unknown): boolean {
  if (error instanceof LifeboatError) return error.code === 'unavailable';
  if (error instanceof pg.DatabaseError) return AWAY_STATES.test(error.code ?? '');
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') return AWAY_CODES.has(error.code);
  return error.constructor === Error && AWAY_WITHOUT_CODE.has(error.message);
}
