import { inviteIntent } from '../../domain/effect/intents.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

/** Invites whoever asks to the incident's channel, and records that they came. */
export function joinIncident(deps: VerbDeps, request: Request, id: number): Promise<Incident> {
  return changeIncident(deps, id, request, ({ incident }) => {
    needOpen(incident, 'be joined');
    return {
      events: [{ kind: 'incident.joined', actor: request.actor, data: {} }],
      effects: [inviteIntent(id, `joined:${incident.chain_seq}`, [request.actor])],
    };
  });
}
