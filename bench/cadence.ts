import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import { openIncidents } from './open-incidents.ts';
import type { BenchServer } from './server.ts';
import { round, spread } from './stats.ts';
import { startProgram, startSurroundings } from './world.ts';

/** The severity's promise in seconds (P0: every 15 minutes), over which the updates are spread. */
const PERIOD_S = 900;
const SETTLE_S = 15;
const IDLE_S = 20;
const WATCH_S = 60;
/** Clock ticks in a second, as /proc/<pid>/stat counts (USER_HZ). */
const TICKS = 100;

/** 10,000 open incidents on one core: what the bot costs while nothing is due, and how late updates fire. */
export async function benchCadence(server: BenchServer, estate: Estate, scale: number) {
  const world = await startSurroundings();
  const url = await server.database('bench_cadence');
  const channels = await openIncidents(url, estate, Math.ceil(10_000 * scale));
  for (const [n, id] of channels.entries()) world.slack.workspace.addChannel({ id, name: `dr-${n + 1}-open` });
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  const lifeboat = await startProgram(
    ['dist/src/cli.js', 'start'],
    { ...world.env, DATABASE_URL: url, LIFEBOAT_HOME: '/tmp' },
    '/readyz',
  );
  try {
    execFileSync('taskset', ['-a', '-p', '-c', '0', String(lifeboat.pid)]);
    await spreadUpdates(db, SETTLE_S + IDLE_S + 5);
    await seconds(SETTLE_S);
    const before = cpuSeconds(lifeboat.pid);
    await seconds(IDLE_S);
    const idle = (cpuSeconds(lifeboat.pid) - before) / IDLE_S;
    await seconds(WATCH_S);
    const { rows } = await db.query<{ late: number }>(
      `select (extract(epoch from started_at - due_at) * 1000)::float8 as late
       from effect where kind = 'cadence.fire' and started_at is not null and due_at < clock_timestamp() - interval '2 seconds'`,
    );
    const { rows: waiting } = await db.query<{ count: number }>(
      `select count(*)::int from effect
       where kind = 'cadence.fire' and started_at is null and due_at < clock_timestamp() - interval '2 seconds'`,
    );
    return {
      open_incidents: channels.length,
      idle_percent_of_a_core: round(idle * 100),
      lateness: spread(rows.map(({ late }) => late)),
      overdue: waiting[0]?.count ?? 0,
      target: 'lateness p99 <= 1000 ms, none overdue, idle <= 2 % of a core',
    };
  } finally {
    await db.end();
    await lifeboat.stop();
    await world.stop();
  }
}

/** The first update of each incident is due at its own moment, as of incidents that were declared one after another. */
async function spreadUpdates(db: pg.Client, after_s: number): Promise<void> {
  await db.query(
    `with spread as (
       select id, date_trunc('milliseconds', clock_timestamp()) + (random() * $1 + $2) * interval '1 second' as due
       from effect where kind = 'cadence.fire' and state = 'pending')
     update effect set due_at = spread.due,
       payload = jsonb_set(payload, '{due}', to_jsonb(to_char(spread.due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
     from spread where spread.id = effect.id`,
    [PERIOD_S, after_s],
  );
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

const seconds = (count: number): Promise<void> => new Promise((done) => setTimeout(done, count * 1000));
