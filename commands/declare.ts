import { formatDuration } from '../src/domain/duration.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, label } from '../src/domain/incident/subject.ts';
import type { Estate, SeverityId } from '../src/domain/estate/model.ts';
import { policyOf } from '../src/domain/escalation/escalation.ts';
import type { Answer } from '../src/ports/edge.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import type { Request } from '../src/verbs/context.ts';
import { declareIncident, type DeclareInput } from '../src/verbs/incident/declare-incident.ts';
import { declareForm } from '../templates/forms.ts';
import { toYou, type Command, type CommandDeps } from './command.ts';
import { firstWord, needMode, needSeverity, readSeverity, takeOption } from './words.ts';

/** Somebody who types only what is broken should rather be paged once too often. */
const DEFAULT_SEVERITY: SeverityId = 'P1';

export const declare: Command = {
  name: 'declare',
  aliases: ['new'],
  group: 'Incident',
  usage: '[P0–P3] title… [service:<service>] [mode:drill]',
  summary:
    'Declares an incident: channel, pages, updates. Without words it opens a form. Nothing of a drill leaves Lifeboat.',
  who: 'member',
  words: 'whole',
  examples: [
    'declare P0 Primary site lost power',
    'declare P2 Slow log-ins service:authentication',
    'declare P1 Region lost mode:drill',
  ],
  async run({ request, args, channel }, deps) {
    if (args === '') return { kind: 'form', view: declareForm(deps.estate(), { title: '', channel }) };
    const { value: modeWord, rest: withoutMode } = takeOption(args, 'mode');
    const mode = needMode(modeWord?.toLowerCase() ?? null);
    const { value: service, rest } = takeOption(withoutMode, 'service');
    const [word, words] = firstWord(rest);
    const severity = readSeverity(word);
    if (severity === null && /^P\d$/i.test(word)) needSeverity(word, deps.estate());
    const title = unquoted(severity ? words : rest);
    return declareAnd(
      deps,
      request,
      { title, severity: severity ?? DEFAULT_SEVERITY, service, channel, mode },
      severity === null,
    );
  },
};

/** Declares and says what happens now. */
export async function declareAnd(
  deps: CommandDeps,
  request: Request,
  input: DeclareInput,
  assumed: boolean,
): Promise<Answer> {
  const incident = await declareIncident(deps.verbs, request, input);
  const answer = toYou(declared(deps, incident, assumed));
  return kindOf(incident.id) === 'drill' ? answer : { ...answer, later: () => channelOf(deps, incident.id) };
}

/** Slack opens a channel within a second; the last look is after a quarter of a minute, in ms. */
const LOOKS_MS = [200, 300, 500, 1000, 2000, 4000, 8000];
/** Where many are declared at once, looks would take the database from what matters. */
const MOST_LOOKING = 20;
let looking = 0;

/** Leads to the incident's channel as soon as there is one; null when none opened in time: the card says why. */
async function channelOf({ pool }: CommandDeps, id: number): Promise<string | null> {
  if (looking >= MOST_LOOKING) return null;
  looking += 1;
  try {
    for (const wait of LOOKS_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait).unref());
      const channel = (await findIncident(pool, id))?.channel ?? null;
      if (channel !== null) return `:point_right: ${label(id)} goes on in <#${channel}>.`;
    }
    return null;
  } finally {
    looking -= 1;
  }
}

/** Whom the declaration wakes at once, in words. */
export function pagedNow(estate: Estate, incident: Incident): string {
  const [first] = policyOf(estate, incident).filter(({ page }) => page.length > 0);
  if (first === undefined) return 'Its severity pages nobody.';
  if (first.after > 0) return `Nobody is paged for the first ${formatDuration(first.after)}.`;
  return `Paging ${first.page.map((role) => estate.roles[role]?.name ?? role).join(' and ')} now.`;
}

function declared({ estate }: CommandDeps, incident: Incident, assumed: boolean): string {
  const { name, rto, update_every } = estate().severities[incident.severity];
  const shown = label(incident.id);
  if (kindOf(incident.id) === 'drill') {
    return [
      `:test_tube: *${shown} declared: nothing leaves Lifeboat*, ${incident.severity} ${name}. It goes its way as an incident does: pages, messages and updates are written down instead of sent.`,
      `\`/dr deliveries ${shown}\` shows what would have been sent. Name it in every command: \`/dr ack ${shown}\`, \`/dr resolve ${shown} summary\`. It runs no steps.`,
    ].join('\n');
  }
  const lines = [
    `:rotating_light: *${shown} declared*, ${incident.severity} ${name}. Its channel opens now, and you are invited there.`,
    `${pagedNow(estate(), incident)} Recovery is due within ${formatDuration(rto)}, updates every ${formatDuration(update_every)}.`,
  ];
  if (assumed)
    lines.push(
      `You named no severity, so it is ${incident.severity}. Change it with \`/dr severity P0\` in the channel.`,
    );
  return lines.join('\n');
}

const unquoted = (text: string): string => /^"([\s\S]*)"$/.exec(text.trim())?.[1] ?? text.trim();
