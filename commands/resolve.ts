import { formatDuration } from '../src/domain/duration.ts';
import { verdictOf } from '../src/domain/health/look.ts';
import { label, type Incident } from '../src/domain/incident/incident.ts';
import type { Answer } from '../src/ports/edge.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Request } from '../src/verbs/context.ts';
import { closeIncident, resolveIncident } from '../src/verbs/incident/resolve-incident.ts';
import { actions, button, section } from '../templates/blocks.ts';
import { resolveForm } from '../templates/forms.ts';
import { redLines, uncheckedWords } from '../templates/look-words.ts';
import { toYou, type Command, type CommandDeps } from './command.ts';
import { lookAtIncident, type Looked } from './look-at-incident.ts';
import { whichIncident } from './which-incident.ts';
import { firstWord } from './words.ts';

export const resolve: Command = {
  name: 'resolve',
  group: 'Incident',
  usage: 'summary… | anyway reason…',
  words: 'free',
  summary: 'Ends the incident after a look at its checks; while one is red it asks for a reason.',
  who: 'responder',
  examples: ['resolve The disk was full and is cleaned', 'resolve anyway The check looks at a host that is gone'],
  async run(call, deps) {
    const found = await whichIncident(call, deps);
    if (call.args === '') return { kind: 'form', view: resolveForm(found) };
    const [first, rest] = firstWord(call.args);
    const anyway = first.toLowerCase() === 'anyway';
    if (anyway && rest === '') {
      throw new LifeboatError('invalid', '`anyway` needs a reason', '`/dr resolve anyway <reason>`');
    }
    const said = { summary: anyway ? rest : call.args, reason: anyway ? rest : null };
    const looked = await lookAtIncident(deps, found.id, nonceOf(call.request));
    if (said.reason === null && verdictOf(looked.looks, looked.needed) === 'red') return askAnyway(found, looked, deps);
    return toYou(await resolveWith(call.request, found.id, said, looked, deps));
  },
};

/** One look is good for a minute: whoever comes later sees what is true then. */
export const nonceOf = ({ key }: Request, more = ''): string => `${key}:${more}${Math.floor(Date.now() / 60_000)}`;

/** The red checks, with a button that asks for the reason. */
function askAnyway(incident: Incident, { looks }: Looked, { estate }: CommandDeps): Answer {
  const text = [`:warning: ${label(incident.id)} is not resolved: checks are red.`, ...redLines(looks, estate())];
  const how = 'Mend it first, or say why it is over all the same: `/dr resolve anyway <reason>`.';
  const value = String(incident.id);
  return {
    ...{ kind: 'message', visible: 'you', text: [...text, how.replace('<', '&lt;').replace('>', '&gt;')].join('\n') },
    blocks: [
      section([...text, how.replace('<', '&lt;').replace('>', '&gt;')].join('\n')),
      actions(button({ text: 'Resolve all the same', action_id: 'resolve-anyway', value, style: 'danger' })),
    ],
  };
}

/** Resolves with what the look said, and says what that was. */
export async function resolveWith(
  request: Request,
  id: number,
  { summary, reason }: { summary: string; reason: string | null },
  { looks, needed }: Looked,
  deps: CommandDeps,
): Promise<string> {
  const proof = { looks, needed, reason };
  const incident = await resolveIncident(deps.verbs, request, id, summary, proof);
  const took = (incident.resolved_at?.getTime() ?? 0) - incident.declared_at.getTime();
  const { rto } = deps.estate().severities[incident.severity];
  const within = took <= rto ? 'within' : 'over';
  const seen = {
    verified: 'Its checks are green.',
    red: `Checks are red, and the notice says so:\n${redLines(looks, deps.estate()).join('\n')}`,
    unchecked: `Not checked: ${uncheckedWords(looks, deps.estate())}. The notice says what was verified and what was not.`,
  }[verdictOf(looks, needed)];
  return `${label(id)} is resolved after ${formatDuration(round(took))}, ${within} its ${formatDuration(rto)}${incident.resolved_ms > 0 ? ` (it counted as resolved for ${formatDuration(round(incident.resolved_ms))} of that)` : ''}. ${seen}\n\`/dr close\` archives the channel.`;
}

export const close: Command = {
  name: 'close',
  group: 'Incident',
  usage: '[INC-n]',
  summary: 'Closes a resolved incident and archives its channel.',
  who: 'responder',
  async run(call, deps) {
    const { id } = await whichIncident(call, deps, ['resolved']);
    await closeIncident(deps.verbs, call.request, id);
    return toYou(`${label(id)} is closed. Its timeline stays: \`/dr timeline ${label(id)}\`.`);
  },
};

/** Whole seconds: nobody reads the milliseconds of an outage. */
const round = (ms: number): number => Math.max(1000, Math.round(ms / 1000) * 1000);
