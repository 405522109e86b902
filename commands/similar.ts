import { label } from '../src/domain/incident/incident.ts';
import { kindOf } from '../src/domain/incident/subject.ts';
import type { Answer, Press } from '../src/ports/edge.ts';
import { declareAllTheSame } from '../src/verbs/incident/declare-unless-similar.ts';
import { joinIncident } from '../src/verbs/incident/join-incident.ts';
import { channelLink } from './channel-link.ts';
import { toYou, type CommandDeps } from './command.ts';
import { declaredAnswer } from './declare.ts';
import { roomOf } from './words.ts';

/** Declares what was held back. */
export async function declareAnyway({ actor, value }: Press, deps: CommandDeps): Promise<Answer> {
  return declaredAnswer(deps, await declareAllTheSame(deps.verbs, actor, value));
}

/** Invites whoever pressed to the incident that there is. */
export async function join(id: number, { key, actor }: Press, deps: CommandDeps): Promise<Answer> {
  const incident = await joinIncident(deps.verbs, { key, actor }, id);
  if (kindOf(id) === 'drill')
    return toYou(`:test_tube: ${label(id)} is a drill: it has no channel, its recordings show all of it.`);
  const said = toYou(`You are invited to ${roomOf(incident)} of ${label(id)}.`);
  return { ...said, later: () => channelLink(deps, id) };
}
