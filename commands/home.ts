import { homeFacts, MOST_SCHEDULES, scheduledRoles } from '../src/domain/incident/home.ts';
import type { EdgeHandlers } from '../src/ports/edge.ts';
import { databaseClock, together } from '../src/postgres/db.ts';
import { lastLooks, rolesIn, waitingApprovals, waitingPages } from '../src/store/incident/home.ts';
import { listDrills, listIncidents } from '../src/store/incident/incidents.ts';
import { homeView } from '../templates/home.ts';
import type { CommandDeps } from './command.ts';

/** What somebody sees who opens Lifeboat's home in Slack. */
export async function home(actor: string, deps: CommandDeps): ReturnType<EdgeHandlers['home']> {
  const estate = deps.estate();
  const read = await together(deps.pool, async (one) => {
    const [real, drills, approvals, pages, looks, now] = await Promise.all([
      listIncidents(one, ['open']),
      listDrills(one, ['open']),
      waitingApprovals(one),
      waitingPages(one),
      lastLooks(one),
      databaseClock(one),
    ]);
    const incidents = [...real, ...drills];
    const among = [
      ...incidents.map(({ id }) => id),
      ...[...pages, ...approvals.map((each) => each.approval)].map((each) => each.incident_id),
    ];
    return { incidents, approvals, pages, looks, now, assigned: await rolesIn(one, [...new Set(among)]) };
  });
  const asked = [
    ...scheduledRoles(estate).slice(0, MOST_SCHEDULES),
    ...read.approvals.flatMap(({ approval }) => approval.approvers),
    ...read.pages.map(({ role }) => role),
  ];
  // After the connection is given back: a schedule may be silent for a while.
  const scheduled = await deps.schedules(estate, [...new Set(asked)]);
  return homeView(homeFacts({ ...read, estate, actor, scheduled }));
}
