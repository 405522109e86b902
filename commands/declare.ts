import { formatDuration } from '../src/domain/duration.ts';
import { label, type Incident } from '../src/domain/incident.ts';
import type { SeverityId } from '../src/domain/estate-model.ts';
import type { Answer } from '../src/ports/edge.ts';
import type { Request } from '../src/verbs/context.ts';
import { declareIncident } from '../src/verbs/declare-incident.ts';
import { declareForm } from '../templates/forms.ts';
import { toYou, type Command, type CommandDeps } from './command.ts';
import { firstWord, readSeverity, takeOption } from './words.ts';

/** Somebody who types only what is broken should rather be paged once too often. */
const DEFAULT_SEVERITY: SeverityId = 'P1';

export const declare: Command = {
  name: 'declare',
  aliases: ['new'],
  group: 'Incident',
  usage: '[P0–P3] title… [service:<service>]',
  summary: 'Declares an incident: channel, pages, updates. Without words it opens a form.',
  who: 'anyone',
  examples: ['declare P0 Primary site lost power', 'declare P2 Slow log-ins service:authentication'],
  async run({ request, args, channel }, deps) {
    if (args === '') return { kind: 'form', view: declareForm(deps.estate(), { title: '', channel }) };
    const { value: service, rest } = takeOption(args, 'service');
    const [word, words] = firstWord(rest);
    const severity = readSeverity(word);
    const title = unquoted(severity ? words : rest);
    return declareAnd(
      deps,
      request,
      { title, severity: severity ?? DEFAULT_SEVERITY, service, channel },
      severity === null,
    );
  },
};

/** Declares and says what happens now. */
export async function declareAnd(
  deps: CommandDeps,
  request: Request,
  input: { title: string; severity: SeverityId; service: string | null; channel: string | null },
  assumed: boolean,
): Promise<Answer> {
  const incident = await declareIncident(deps.verbs, request, input);
  return toYou(declared(deps, incident, assumed));
}

function declared({ estate }: CommandDeps, incident: Incident, assumed: boolean): string {
  const { name, rto, update_every } = estate().severities[incident.severity];
  const lines = [
    `:rotating_light: *${label(incident.id)} declared*, ${incident.severity} ${name}. The channel is \`#${incident.name}\`.`,
    `Paging by the severity's policy now. Recovery is due within ${formatDuration(rto)}, updates every ${formatDuration(update_every)}.`,
  ];
  if (assumed)
    lines.push(
      `You named no severity, so it is ${incident.severity}. Change it with \`/dr severity P0\` in the channel.`,
    );
  return lines.join('\n');
}

const unquoted = (text: string): string => /^"([\s\S]*)"$/.exec(text.trim())?.[1] ?? text.trim();
