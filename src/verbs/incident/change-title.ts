import { changeTitle as decide, needTitle } from '../../domain/incident/identity.ts';
import { label, type Incident } from '../../domain/incident/incident.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { changeIncident, type Request, type VerbDeps } from '../context.ts';

/** Gives an incident that is not closed another title; the channel keeps its name. */
export async function changeTitle(
  deps: VerbDeps,
  request: Request,
  id: number,
  typed: string,
): Promise<{ incident: Incident; before: string }> {
  const to = needTitle(typed, '`/dr title what is broken`');
  let before = '';
  const incident = await changeIncident(deps, id, request, ({ incident }) => {
    if (incident.state === 'closed')
      throw new LifeboatError(
        'conflict',
        `${label(id)} is closed, so its title stays`,
        `open it again first with \`/dr reopen ${label(id)} <reason>\``,
      );
    if (incident.title === to)
      throw new LifeboatError('conflict', `that is the title of ${label(id)} already`, 'nothing needs to be done');
    before = incident.title;
    return decide(incident, { to, actor: request.actor });
  });
  return { incident, before };
}
