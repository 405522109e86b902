import * as cadence from '../../domain/incident/cadence.ts';
import { merge } from '../../domain/effect/decision.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { postUpdate as decide } from '../../domain/incident/decisions.ts';
import { needShort, TEXT_LIMIT } from '../../domain/text/limits.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

/** Posts a person's update; it answers the slot that is due next and moves the promise on from now. */
export function postUpdate(deps: VerbDeps, request: Request, id: number, text: string): Promise<Incident> {
  if (text.trim() === '') throw new LifeboatError('invalid', 'the update is empty', '`/dr update what is known now`');
  needShort(text.trim(), 'the update', TEXT_LIMIT, 'post it in several updates');
  const estate = deps.estate();
  return changeIncident(deps, id, request, ({ incident, now }) => {
    needOpen(incident, 'be updated');
    const next = cadence.restart(incident, estate.severities[incident.severity].update_every, now);
    const update = {
      key: `update:w${incident.chain_seq}`,
      text: text.trim(),
      actor: request.actor,
      data: { answered: incident.next_update_due?.toISOString() ?? null },
    };
    return merge({ incident: next.patch, events: [], effects: [next.timer] }, decide(estate, incident, update));
  });
}
