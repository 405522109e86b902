import { LIFEBOAT } from '../../domain/estate/people.ts';
import { label, type Incident } from '../../domain/incident/incident.ts';
import { reopen } from '../../domain/incident/reopen.ts';
import { needReason } from '../../domain/text/limits.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { roleHolders } from '../../store/incident/incidents.ts';
import { isFirst } from '../../store/request/deduplicate.ts';
import { changeIncident, type Request, type VerbDeps } from '../context.ts';
import { levelKey } from '../page/fire-escalation.ts';

/** Opens again what was called over: new pages, updates anew, and everybody who was told of the end is told. */
export async function reopenIncident(deps: VerbDeps, request: Request, id: number, reason: string): Promise<Incident> {
  const why = reason.trim();
  if (why === '')
    throw new LifeboatError('invalid', 'the reason is missing', '`/dr reopen INC-7 <why it is not over>`');
  needReason(why);
  return changeIncident(deps, id, request, async ({ tx, incident, now }) => {
    if (incident.state === 'open')
      throw new LifeboatError('conflict', `${label(id)} is open`, 'nothing needs to be done');
    if (incident.merged_into !== null) {
      const on = label(incident.merged_into);
      throw new LifeboatError(
        'conflict',
        `${label(id)} was merged into ${on}`,
        `go on there, or open that one again: \`/dr reopen ${on} <reason>\``,
      );
    }
    const assigned = await roleHolders(tx, id);
    const { decision, fired, next } = reopen(
      deps.estate(),
      incident,
      { actor: request.actor, reason: why, assigned },
      now,
    );
    const keys = Array.from({ length: fired }, (_, level) => levelKey(id, next.ladder, level));
    await Promise.all(keys.map((key) => isFirst(tx, key, LIFEBOAT)));
    return decision;
  });
}
