import type { Button, KnownBlock } from '@slack/types';
import { askedFrom, label, type Incident } from '../src/domain/incident/incident.ts';
import { redactText } from '../src/runtime/redact.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { actions, button, context, fields, header, linkButton } from './blocks.ts';
import { expected } from './expected-words.ts';
import { placeUrl, stuckButtons } from './buttons.ts';
import { clip, MAX, sections } from './clip.ts';
import type { IncidentFacts, PageFacts } from './facts.ts';
import {
  affectedSystems,
  clockOf,
  clockWords,
  countedWords,
  deliveryWords,
  nextEscalation,
  nextUpdate,
  pagedNext,
  serviceName,
  SEVERITY_EMOJI,
  severityWords,
} from './incident-words.ts';
import {
  capital,
  isLive,
  recoverable,
  runningLines,
  statusSentence,
  troubleLines,
  waitingLines,
} from './live-words.ts';
import { COMMANDER, commanderOf, people, roleName, who } from './people-words.ts';
import { atMost, date, listed, quote, span, userLine, userText } from './words.ts';

/** The pinned card of an incident: its whole state at a glance, edited in place; buttons are those that would work. */
export function incidentCard(facts: IncidentFacts): ChatMessage {
  const { incident, now } = facts;
  const name = `${label(incident.id)} ${incident.severity}`;
  const buttons = cardButtons(facts);
  return {
    text: `${name} ${userLine(incident.title)}, ${incident.state}. ${statusSentence(facts)}`,
    blocks: [
      header(clip(`${emojiOf(facts)} ${name} ${incident.title.replaceAll(/\s+/g, ' ')}`, MAX.header)),
      fields(...cardFields(facts).map((text) => clip(text, MAX.field))),
      ...sections(cardLines(facts)),
      context(
        `As of ${date(now, '{time_secs}')} · declared ${date(incident.declared_at)} by ${who(facts.estate, incident.declared_by)}${againWords(incident)}`,
      ),
      ...(buttons.length > 0 ? [actions(...buttons)] : []),
    ] satisfies KnownBlock[],
  };
}

const againWords = ({ reopened_at, merged_into }: Incident): string => {
  if (merged_into !== null) return ` · goes on as ${label(merged_into)}`;
  return reopened_at === null ? '' : ` · open again since ${date(reopened_at)}`;
};

const emojiOf = ({ incident }: IncidentFacts): string =>
  incident.state === 'open' ? SEVERITY_EMOJI[incident.severity] : ':white_check_mark:';

/** What the card and `/dr status` both begin with, as pairs in two columns. */
export function cardFields(facts: IncidentFacts): string[] {
  const { estate, incident, now } = facts;
  const clock = clockOf(estate, incident, now);
  const update = nextUpdate(facts);
  const goal = expected(facts, who);
  const mine = commanderOf(facts);
  const open = incident.state === 'open';
  const others = facts.roles.filter(({ role }) => role !== COMMANDER);
  return [
    `*State:* ${capital(incident.state)}`,
    `*Severity:* ${severityWords(estate, incident.severity)}`,
    `*Affected:* ${affectedSystems(facts)}`,
    `*${roleName(estate, COMMANDER)}:* ${mine ?? (open ? 'nobody yet: press *Take command*' : 'nobody')}`,
    `*Acknowledged:* ${acknowledged(facts)}`,
    ...(open ? [`*${goal.label}:* ${goal.value}`] : []),
    ...(open && goal.label === 'Target'
      ? []
      : [`*Target (${span(clock.rto)}):* ${clockWords(clock)}${countedWords(incident)}`]),
    ...(open ? [`*Next update:* ${update ?? 'none is due'}`] : []),
    ...(others.length > 0 ? [`*Roles:* ${roleHolders(facts, others)}`] : []),
  ];
}

function acknowledged(facts: IncidentFacts): string {
  const { estate, incident } = facts;
  if (incident.acknowledged_by !== null && incident.acknowledged_at !== null) {
    const after = incident.acknowledged_at.getTime() - askedFrom(incident).getTime();
    return `${who(estate, incident.acknowledged_by)} after ${span(after)}`;
  }
  const next = nextEscalation(facts);
  const climbs = next === null ? '' : `; ${pagedNext(estate, next)}`;
  return incident.state === 'open' ? `:warning: nobody yet${climbs}` : 'nobody';
}

function roleHolders({ estate }: IncidentFacts, roles: IncidentFacts['roles']): string {
  return listed(
    atMost(
      roles.map(({ role, person }) => `${roleName(estate, role)} ${who(estate, person)}`),
      10,
      '`/dr status`',
    ),
  );
}

/** Runs, troubles, waits, pages and what did not get through, each group with its heading. */
export function cardLines(facts: IncidentFacts): string[] {
  const { estate, incident } = facts;
  const paged = facts.pages.map(
    (page) =>
      `${people(estate, page.people) || roleName(estate, page.role)} as ${roleName(estate, page.role)} (${pageWords(facts, page)})`,
  );
  const undelivered = deliveryWords(facts);
  return [
    ...group('Recovery', runningLines(facts)),
    ...group(':warning: Needs a decision', troubleLines(facts)),
    ...group(':hourglass: Waiting', waitingLines(facts)),
    ...firstSteps(facts),
    ...(paged.length > 0 ? [`*Paged:* ${atMost(paged, 8, '`/dr status`').join(', ')}`] : []),
    ...(undelivered === null ? [] : [`*Delivery:* :warning: ${undelivered}`]),
    ...(incident.state !== 'open' && incident.resolution !== null
      ? ['*Resolution*', quote(userText(incident.resolution))]
      : []),
  ];
}

/** What the policy says is to be done first, while nobody has answered. */
function firstSteps({ incident, pages }: IncidentFacts): string[] {
  if (incident.state !== 'open' || incident.acknowledged_at !== null) return [];
  const say = [...new Set(pages.flatMap((page) => (page.state === 'triggered' && page.say ? [page.say] : [])))];
  return say.slice(0, 3).map((each) => `*To do:* ${userLine(redactText(each), 500)}`);
}

const PAGE_WORDS = { triggered: 'no answer yet', acknowledged: 'acknowledged', resolved: 'resolved' } as const;

function pageWords({ estate, incident }: IncidentFacts, { state, trouble, answered_by = null }: PageFacts): string {
  if (state === 'triggered' && trouble !== undefined) return `:warning: ${TROUBLE_WORDS[trouble]}`;
  if (state === 'triggered' && incident.acknowledged_at !== null) return ':bell: still rings, no answer yet';
  const by = answered_by === null ? '' : ` by ${who(estate, answered_by)}`;
  return `${PAGE_WORDS[state]}${state === 'acknowledged' ? by : ''}`;
}

const TROUBLE_WORDS = { unconfirmed: 'not confirmed by the pager yet', failed: 'the page did not arrive' } as const;

const group = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`*${title}*`, ...atMost(lines, 6, '`/dr status`').map((line) => `• ${line}`)];

/** At most four buttons: what is most likely to be needed first. */
function cardButtons(facts: IncidentFacts): Button[] {
  const { incident, runs, estate } = facts;
  const value = String(incident.id);
  if (incident.state === 'closed') return [];
  if (incident.state === 'resolved') return [button({ text: 'Close', action_id: 'close', value, confirm: CLOSE })];
  const paused = runs.find(({ run }) => run.state === 'paused');
  const under = runs.find(isLive);
  const going = under !== undefined;
  const waiting = facts.approvals.find((each) => each.place);
  const silent = incident.acknowledged_at === null;
  const rings = facts.pages.some((page) => page.state === 'triggered');
  const offers: (Button | false | null | undefined)[] = [
    silent && button({ text: 'Acknowledge', action_id: 'ack', value, style: 'primary' }),
    waiting?.place &&
      linkButton(
        waiting.approval.kind === 'manual' ? 'Review task' : 'Review request',
        'open',
        placeUrl(waiting.place.channel, waiting.place.ts),
      ),
    paused !== undefined &&
      troubleLines(facts).length === 0 &&
      button({ text: 'Resume', action_id: 'resume', value: `${value}:${paused.run.id}`, style: 'primary' }),
    ...(paused === undefined ? [] : stuckButtons(facts, paused)),
    button({ text: 'Post update', action_id: 'update', value }),
    !silent && rings && button({ text: 'Acknowledge', action_id: 'ack', value }),
    commanderOf(facts) === null &&
      COMMANDER in estate.roles &&
      button({ text: 'Take command', action_id: 'command', value }),
    !going &&
      incident.service !== null &&
      recoverable(facts) &&
      button({
        text: clip(`Recover ${incident.service}`, 75),
        action_id: 'recover',
        value,
        confirm: recoverConfirm(facts),
      }),
    under !== undefined &&
      paused === undefined &&
      button({ text: 'Pause run', action_id: 'pause', value: `${value}:${under.run.id}` }),
    !going && !silent && button({ text: 'Resolve', action_id: 'resolve', value }),
  ];
  return offers.filter((each) => each !== false && each !== null && each !== undefined).slice(0, 4);
}

const CLOSE = {
  title: 'Close the incident?',
  text: 'Its channel is archived. The timeline stays.',
  confirm: 'Close',
  deny: 'Not yet',
} as const;

function recoverConfirm({ estate, incident }: IncidentFacts) {
  const service = incident.service ?? '';
  const name = serviceName(estate, service).replaceAll('`', '');
  return {
    title: 'Start the recovery?',
    text: clip(
      `${name} and what it depends on are looked at; then the steps of their runbooks run. Approval is asked where a runbook says so.`,
      300,
    ),
    confirm: 'Start',
    deny: 'Not yet',
    style: 'danger',
  } as const;
}
