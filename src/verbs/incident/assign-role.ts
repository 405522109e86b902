import type { Incident } from '../../domain/incident/incident.ts';
import { cardIntent, inviteIntent, postIntent } from '../../domain/effect/intents.ts';
import { personOf } from '../../domain/estate/people.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { openApprovals } from '../../store/approval/approvals.ts';
import { setRole } from '../../store/incident/incidents.ts';
import { renderApproval } from '../run/run-views.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

/** Gives a role of this incident to somebody; from then on its pages go there, and they decide what it has to approve. */
export function assignRole(
  deps: VerbDeps,
  request: Request,
  id: number,
  role: string,
  person: string, // an actor
): Promise<Incident> {
  const estate = deps.estate();
  if (!Object.hasOwn(estate.roles, role)) {
    throw new LifeboatError(
      'not_found',
      `there is no role \`${role}\``,
      `known: ${Object.keys(estate.roles).join(', ')}`,
    );
  }
  const known = personOf(estate, person);
  if (known === null) {
    throw new LifeboatError(
      'forbidden',
      'that person is not in the estate',
      'add them under `people:` and reload with `/dr estate reload`',
    );
  }
  return changeIncident(deps, id, request, async ({ tx, incident, now }) => {
    needOpen(incident, 'give a role');
    await setRole(tx, id, role, person, now);
    const asked = (await openApprovals(tx, id)).filter(({ approvers }) => approvers.includes(role));
    const version = `role:${incident.chain_seq}`;
    return {
      events: [{ kind: 'role.assigned', actor: request.actor, data: { role, person } }],
      effects: [
        inviteIntent(id, version, [known]),
        postIntent({
          incident: id,
          key: version,
          template: 'role-assigned',
          to: 'incident',
          params: { role, person, actor: request.actor },
        }),
        ...asked.map((approval) => renderApproval(id, approval.id, version)),
        cardIntent(id, version),
      ],
    };
  });
}
