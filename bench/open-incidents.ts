import pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import { openPool } from '../src/postgres/db.ts';
import { migrate } from '../src/store/migrate.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { declareIncident } from '../src/verbs/incident/declare-incident.ts';

const AT_ONCE = 10;
/** One statement settles a hundred thousand effects, in ms. */
const PATIENCE_MS = 300_000;

/**
 * Declares `count` P0 incidents in an empty database as the bot would, and settles everything that a declaration asks for
 * but the timers of updates; every incident has a channel of its own, whose ids are returned.
 */
export async function openIncidents(url: string, estate: Estate, count: number): Promise<string[]> {
  await migrate(url);
  const pool = openPool(url, AT_ONCE, () => undefined, PATIENCE_MS);
  try {
    const verbs: VerbDeps = { pool, estate: () => estate };
    let next = 0;
    const declare = async (): Promise<void> => {
      while (next < count) {
        const n = (next += 1);
        const input = { title: `Open ${n}`, severity: 'P0' as const, service: null, channel: null };
        await declareIncident(verbs, { key: `bench:${n}`, actor: 'slack:U01ANA' }, input);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, declare));
    await settle(pool);
    const { rows } = await pool.query<{ channel: string }>('select channel from incident where channel is not null');
    return rows.map(({ channel }) => channel);
  } finally {
    await pool.end();
  }
}

async function settle(pool: pg.Pool): Promise<void> {
  await pool.query(`update effect set state = 'done', finished_at = now() where kind <> 'cadence.fire'`);
  await pool.query(`update incident set channel = 'C9' || lpad(id::text, 8, '0') where id > 0`);
  await pool.query('analyze');
}
