import pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import { migrate } from '../src/store/migrate.ts';
import { benchCommands } from './commands.ts';
import type { Figures } from './median.ts';
import { benchPages } from './pages.ts';
import type { BenchServer } from './server.ts';
import { round } from './stats.ts';
import { benchSteps } from './steps.ts';

const EFFECTS = 1_000_000;
const INCIDENTS = 100_000;

/** The other figures once in empty databases and once over a million done effects and 100,000 closed incidents. */
export async function benchHistory(server: BenchServer, estate: Estate, scale: number): Promise<Figures> {
  const old: BenchServer = {
    ...server,
    async database(name) {
      const url = await server.database(`${name}_old`);
      await fillHistory(url, scale);
      return url;
    },
  };
  const measure = async (where: BenchServer): Promise<Figures> => ({
    steps: await benchSteps(where, estate, scale),
    commands: await benchCommands(where, scale),
    pages: await benchPages(where, scale),
  });
  const [empty, full] = [await measure(server), await measure(old)];
  return { empty, full, ratio: ratiosOf(empty, full), target: 'each ratio within 1.1' };
}

/** Fills a new database with what is over, and tells the planner. */
async function fillHistory(url: string, scale: number): Promise<void> {
  await migrate(url);
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  const [incidents, effects] = [Math.ceil(INCIDENTS * scale), Math.ceil(EFFECTS * scale)];
  try {
    await db.query(
      `insert into incident (name, title, severity, state, declared_by, declared_at, resolved_at, closed_at, channel)
       select 'dr-old-' || n, 'Over ' || n, 'P3', 'closed', 'slack:U01ANA', at, at + interval '1 hour', at + interval '2 hours', 'COLD' || n
       from (select n, now() - interval '1 year' + n * interval '1 minute' as at from generate_series(1, $1::int) n) old`,
      [incidents],
    );
    await db.query(
      `insert into effect (key, kind, queue, incident_id, payload, due_at, state, fence, attempts, created_at, started_at, finished_at)
       select 'old:' || n, (array['message.post', 'card.render', 'pager.send', 'cadence.fire'])[n % 4 + 1],
         (array['chat', 'chat', 'pages', 'timers'])[n % 4 + 1], (select min(id) from incident where id > 0) + n % $2::int, '{}', at, 'done', 1, 1, at, at, at
       from (select n, now() - interval '1 day' + n * interval '50 milliseconds' as at from generate_series(1, $1::int) n) old`,
      [effects, incidents],
    );
    await db.query('vacuum analyze');
  } finally {
    await db.end();
  }
}

/** Medians and rates of the second beside the first, as far as both are figures of time or pace. */
function ratiosOf(empty: Figures, full: Figures): Figures {
  return Object.fromEntries(
    Object.entries(empty).flatMap(([name, before]): [string, Figures[string]][] => {
      const after = full[name];
      if (typeof before === 'object' && before && typeof after === 'object' && after)
        return [[name, ratiosOf(before, after)]];
      const timed = /_ms$|per_s$|ms_per_step/.test(name) && !name.startsWith('rate');
      return timed && typeof before === 'number' && typeof after === 'number' && before > 0
        ? [[name, round(after / before)]]
        : [];
    }),
  );
}
