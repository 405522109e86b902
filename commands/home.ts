import type { EdgeHandlers } from '../src/ports/edge.ts';
import { databaseClock } from '../src/postgres/db.ts';
import { listDrills, listIncidents } from '../src/store/incident/incidents.ts';
import { homeView } from '../templates/home.ts';
import type { CommandDeps } from './command.ts';

/** What somebody sees who opens Lifeboat's home in Slack. */
export async function home({ pool, estate }: CommandDeps): ReturnType<EdgeHandlers['home']> {
  const [incidents, drills, now] = await Promise.all([
    listIncidents(pool, ['open']),
    listDrills(pool, ['open']),
    databaseClock(pool),
  ]);
  return homeView([...incidents, ...drills], estate(), now);
}
