import { DatabaseError, Pool } from 'pg';

/**
 * Lets `ms` milliseconds pass: whatever waits for a time is that much nearer to it, and what has begun is that much
 * older. The program notices as it does when a timer fires. The timeline's stamps stay: they are hashed.
 */
export async function fastForward(databaseUrl: string, ms: number): Promise<void> {
  for (;;) {
    try {
      await sql(databaseUrl, FORWARD, [ms]);
      return;
    } catch (error) {
      // The program is at work on the same rows: one of the two is asked to begin again (PostgreSQL's 40P01).
      if (!(error instanceof DatabaseError && error.code === '40P01')) throw error;
    }
  }
}

const pools = new Map<string, Pool>();

/** One query, whose rows the test reads as it knows them to be; connections are kept, since each costs some 30 ms. */
export async function sql<Row extends object = Record<string, unknown>>(
  databaseUrl: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  let pool = pools.get(databaseUrl);
  if (pool === undefined) {
    pool = new Pool({ connectionString: databaseUrl, max: 2, idleTimeoutMillis: 2000, allowExitOnIdle: true });
    pool.on('error', () => undefined);
    pools.set(databaseUrl, pool);
  }
  return (await pool.query<Row>(text, values)).rows;
}

const FORWARD = `
with passed as (select $1::double precision * interval '1 millisecond' as time),
effects as (
  update effect e set
    due_at = due_at - time,
    payload = case when payload ? 'due'
      then jsonb_set(payload, '{due}', to_jsonb(to_char((payload->>'due')::timestamptz at time zone 'UTC' - time,
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) else payload end
  from passed where state = 'pending' returning e.id),
incidents as (
  update incident i set
    declared_at = declared_at - time, acknowledged_at = acknowledged_at - time,
    next_update_due = next_update_due - time, ladder_from = ladder_from - time
  from passed where state = 'open' returning i.id),
approvals as (
  update approval a set created_at = created_at - time, expires_at = expires_at - time
  from passed where state = 'open' returning a.id)
select pg_notify('lifeboat_effect', ''), (select count(*) from effects), (select count(*) from incidents),
  (select count(*) from approvals)`;
