import type { Estate } from '../domain/estate/model.ts';
import type { DatabaseLook } from '../store/look-at-database.ts';
import { serves } from '../store/presence.ts';
import { ok, untried, wrong, type Finding } from './finding.ts';

/** Whether each site that a step names has a worker, as far as the database has connections of them. */
export function examineWorkers(look: DatabaseLook | undefined, estate: Estate | undefined): Finding[] {
  if (look === undefined || estate === undefined) return [untried('workers', 'this needs the database and the estate')];
  const { processes } = look;
  if (processes.length === 0)
    return [untried('workers', 'no process of Lifeboat is connected; look again after the start')];
  const bots = processes.filter(({ bot }) => bot).length;
  const bot = bots > 0 ? ok('bot', `${bots} connected`) : wrong('bot', 'none is connected', 'start `lifeboat bot`');
  return [bot, ...sitesOf(estate).map((site) => examineSite(processes, site))];
}

function examineSite(processes: DatabaseLook['processes'], site: string | undefined): Finding {
  const able = processes.filter((each) => (site === undefined ? each.worker : serves(each, site))).length;
  const about = site === undefined ? 'worker' : `worker for ${site}`;
  if (able > 0) return ok(about, `${able} connected`);
  const command = site === undefined ? 'lifeboat worker' : `lifeboat worker --site ${site}`;
  return wrong(about, 'none is connected, so its steps wait', `start \`${command}\` there`);
}

/** The sites that steps name; where none does, any worker will do. */
function sitesOf({ runbooks }: Estate): (string | undefined)[] {
  const steps = Object.values(runbooks).flatMap((runbook) => [...runbook.steps, ...runbook.finally]);
  const named = steps.flatMap(({ site }) => (site === undefined ? [] : [site]));
  return named.length === 0 ? [undefined] : [...new Set(named)];
}
