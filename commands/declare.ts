import { formatDuration } from '../src/domain/duration.ts';
import { TITLE_LIMIT } from '../src/domain/incident/identity.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, label, type Mode } from '../src/domain/incident/subject.ts';
import { nearestName } from '../src/domain/nearest.ts';
import { plainWords } from '../src/domain/text/plain-words.ts';
import type { Estate, SeverityId } from '../src/domain/estate/model.ts';
import { findNamed, servicesOf } from '../src/domain/estate/typed-names.ts';
import { leadingSeverity } from '../src/domain/estate/typed-severity.ts';
import { policyOf } from '../src/domain/escalation/escalation.ts';
import type { Answer } from '../src/ports/edge.ts';
import type { Request } from '../src/verbs/context.ts';
import { declareIncident, type DeclareInput } from '../src/verbs/incident/declare-incident.ts';
import { declareUnlessSimilar } from '../src/verbs/incident/declare-unless-similar.ts';
import { declareForm } from '../templates/forms.ts';
import { code } from '../templates/words.ts';
import { channelLink } from './channel-link.ts';
import { toYou, type Command, type CommandDeps } from './command.ts';
import { heldBack } from './held-back.ts';
import { noSeverity, readMode, takeAnyway, takeOption } from './words.ts';

/** Somebody who types only what is broken should rather be paged once too often. */
const DEFAULT_SEVERITY: SeverityId = 'P1';

export const declare: Command = {
  name: 'declare',
  aliases: ['new'],
  group: 'Incident',
  usage: '[P0–P3] title… [service:<service>] [mode:drill] [anyway]',
  summary:
    'Declares an incident: channel, pages, updates. Without words it opens a form. What was declared within ten minutes is offered to be joined first, unless `anyway` ends the words. Nothing of a drill leaves Lifeboat.',
  who: 'member',
  words: 'whole',
  examples: [
    'declare P0 Primary site lost power',
    'declare P2 Slow log-ins service:authentication',
    'declare P1 Region lost mode:drill',
  ],
  async run({ request, args, channel }, deps) {
    if (args === '') return { kind: 'form', view: declareForm(deps.estate(), { title: '', channel }) };
    const estate = deps.estate();
    const { anyway, rest: words } = takeAnyway(args);
    const { value: modeWord, rest: withoutMode } = takeOption(words, 'mode');
    const { value: serviceWord, rest } = takeOption(withoutMode, 'service');
    const lead = leadingSeverity(rest, estate.severities, DEFAULT_SEVERITY);
    if (lead.kind === 'unknown') throw noSeverity(lead.word, estate);
    const severity = lead.kind === 'severity' ? lead.severity : DEFAULT_SEVERITY;
    const { mode, known } = readMode(modeWord);
    const service = readService(serviceWord, estate);
    return declareAnd(
      deps,
      request,
      {
        ...titleOf(lead.kind === 'severity' ? lead.rest : rest),
        ...{ severity, service: service.id, channel, mode },
      },
      [
        ...(lead.kind === 'severity' ? [] : [assumedWords(estate, severity, lead.perhaps)]),
        ...(service.leftOut === null ? [] : [service.leftOut]),
        ...(known ? [] : [modeWords(modeWord ?? '', mode)]),
      ],
      { anyway },
    );
  },
};

/**
 * Declares and says what happens now; `notes` are what of the words was taken otherwise, or left out. What was declared
 * moments ago is offered instead, unless it is to be declared `anyway`.
 */
export async function declareAnd(
  deps: CommandDeps,
  request: Request,
  input: DeclareInput,
  notes: string[] = [],
  { anyway = false }: { anyway?: boolean } = {},
): Promise<Answer> {
  if (anyway) return declaredAnswer(deps, await declareIncident(deps.verbs, request, input), notes);
  const declared = await declareUnlessSimilar(deps.verbs, request, input);
  if (declared.kind === 'similar') return heldBack(deps, declared, input.severity);
  return declaredAnswer(deps, declared.incident, notes);
}

/** Says what was declared, and leads to its channel. */
export function declaredAnswer(deps: CommandDeps, incident: Incident, notes: string[] = []): Answer {
  const answer = toYou([...declared(deps, incident), ...notes].join('\n'));
  return kindOf(incident.id) === 'drill' ? answer : { ...answer, later: () => channelLink(deps, incident.id) };
}

/** The first line as the title in plain words; where that is not all, everything becomes the description as well. */
export function titleOf(text: string): { title: string; description: string | null } {
  const words = unquoted(text);
  const [first = ''] = words.split('\n');
  const title = plainWords(first).replaceAll(/\s+/g, ' ').trim();
  if (title.length <= TITLE_LIMIT) return { title, description: words.includes('\n') ? words : null };
  const cut = title.slice(0, TITLE_LIMIT - 1).replace(/[\uD800-\uDBFF]$/, '');
  return { title: `${cut.replace(/\s+\S{0,30}$/, '')}…`, description: words };
}

/** What is wrong with the service must not keep anybody from being woken. */
export function readService(word: string | null, estate: Estate): { id: string | null; leftOut: string | null } {
  if (word === null) return { id: null, leftOut: null };
  const known = servicesOf(estate);
  const [id, ...more] = findNamed(word, known);
  if (id !== undefined && more.length === 0) return { id, leftOut: null };
  const near = nearestName(word, Object.keys(estate.services));
  const what =
    id === undefined
      ? `There is no service ${code(word)}`
      : `${code(word)} may be ${[id, ...more].map((each) => code(each)).join(' or ')}`;
  const mean = id === undefined && near !== undefined ? `; did you mean ${code(near)}?` : '.';
  const add = `\`/dr service ${id ?? near ?? '&lt;service&gt;'}\``;
  return { id: null, leftOut: `:grey_question: It is declared without a service. ${what}${mean} Add it with ${add}.` };
}

function assumedWords(estate: Estate, severity: SeverityId, perhaps: SeverityId | null): string {
  if (perhaps === null)
    return `You named no severity, so it is ${severity}. Change it with \`/dr severity P0\` in the channel.`;
  const { name } = estate.severities[perhaps];
  return `It is ${severity}: your first word may belong to the sentence. If you meant ${perhaps} ${name}, type \`/dr severity ${perhaps}\` in the channel; next time write \`${perhaps}:\` before the title.`;
}

const modeWords = (word: string, mode: Mode): string =>
  mode === 'drill'
    ? `:grey_question: There is no mode ${code(word)}, so it is read as \`drill\`. If it is real, declare it without a mode.`
    : `:grey_question: There is no mode ${code(word)}, so this is real. A drill is \`mode:drill\`.`;

/** Whom the declaration wakes at once, in words. */
export function pagedNow(estate: Estate, incident: Incident): string {
  const [first] = policyOf(estate, incident).filter(({ page }) => page.length > 0);
  if (first === undefined) return 'Its severity pages nobody.';
  if (first.after > 0) return `Nobody is paged for the first ${formatDuration(first.after)}.`;
  return `Paging ${first.page.map((role) => estate.roles[role]?.name ?? role).join(' and ')} now.`;
}

function declared({ estate }: CommandDeps, incident: Incident): string[] {
  const { name, rto, update_every } = estate().severities[incident.severity];
  const shown = label(incident.id);
  if (kindOf(incident.id) === 'drill') {
    return [
      `:test_tube: *${shown} declared: nothing leaves Lifeboat*, ${incident.severity} ${name}. It goes its way as an incident does: pages, messages and updates are written down instead of sent.`,
      `\`/dr deliveries ${shown}\` shows what would have been sent. Name it in every command: \`/dr ack ${shown}\`, \`/dr resolve ${shown} summary\`. It runs no steps.`,
    ];
  }
  return [
    `:rotating_light: *${shown} declared*, ${incident.severity} ${name}. Its channel opens now, and you are invited there.`,
    `${pagedNow(estate(), incident)} Recovery is due within ${formatDuration(rto)}, updates every ${formatDuration(update_every)}.`,
  ];
}

const unquoted = (text: string): string => /^["“”„«]([^"“”„«»]*)["“”»]$/.exec(text.trim())?.[1] ?? text.trim();
