import type { Estate } from '../src/domain/estate/model.ts';
import { label, type Incident } from '../src/domain/incident/incident.ts';
import type { IncidentFacts, MessageParams } from './facts.ts';
import type { Group, MessageContext } from './fields.ts';
import {
  affectedSystems,
  clockOf,
  clockWords,
  countedWords,
  impactOf,
  nextUpdate,
  SEVERITY_EMOJI,
  verdict,
} from './incident-words.ts';
import { nextLines, runningSteps, statusSentence, troubleLines, unknownLines, waitingLines } from './live-words.ts';
import { briefGroup } from './brief-context.ts';
import { expected } from './expected-words.ts';
import { paramsGroup } from './params-context.ts';
import { commanderOf, contactOf, who } from './people-words.ts';
import { recoveryGroup } from './recovery-context.ts';
import { runGroup } from './run-context.ts';
import { date, firstPart, lines, md, Mrkdwn, span, userLine } from './words.ts';

/** Everything that a template may say, in words: made from facts and parameters alone, at the facts' own time. */
export function messageContext(facts: IncidentFacts, params: MessageParams): MessageContext {
  return {
    incident: incidentGroup(facts),
    impact: { systems: md(affectedSystems(facts)), text: md(impactOf(facts)) },
    brief: briefGroup(facts, params),
    clock: clockGroup(facts),
    people: { commander: trusted(commanderOf(facts)), contact: md(contactOf(facts)) },
    now: {
      status: md(statusSentence(facts)),
      known: lines(knownLines(facts)),
      running: lines(runningSteps(facts)),
      waiting: lines(waitingLines(facts)),
      trouble: lines(troubleLines(facts)),
      next: lines(nextLines(facts)),
      unknown: lines(unknownLines(facts)),
    },
    run: runGroup(facts, params),
    recovery: recoveryGroup(facts, params),
    params: paramsGroup(facts, params),
  };
}

const trusted = (text: string | null): Mrkdwn | null => (text === null || text === '' ? null : md(text));
function incidentGroup({ estate, incident, now }: IncidentFacts): Group<'incident'> {
  const { severity } = incident;
  return {
    label: label(incident.id),
    title: trusted(userLine(incident.title, 800)),
    state: incident.state,
    severity,
    severity_name: estate.severities[severity].name,
    emoji: SEVERITY_EMOJI[severity],
    channel: incident.channel === null ? null : md(`<#${incident.channel}>`),
    started: md(date(incident.declared_at)),
    age: span(now.getTime() - incident.declared_at.getTime()),
    declared_by: md(who(estate, incident.declared_by)),
    acknowledged_by: actor(estate, incident.acknowledged_by),
    resolved_by: actor(estate, incident.resolved_by),
    resolved_at: incident.resolved_at === null ? null : md(date(incident.resolved_at)),
    resolution: words(incident.resolution),
    last_update: words(incident.last_update),
  };
}

const actor = (estate: Estate, name: string | null): Mrkdwn | null => (name === null ? null : md(who(estate, name)));
const words = (text: string | null): Mrkdwn | null => (text?.trim() ? md(firstPart(text)) : null);

function clockGroup(facts: IncidentFacts): Group<'clock'> {
  const { estate, incident, now } = facts;
  const clock = clockOf(estate, incident, now);
  const took = tookOf(incident);
  const goal = expected(facts, who);
  return {
    rto: span(clock.rto),
    due: md(date(clock.due)),
    rto_state: md(clockWords(clock)),
    goal_label: goal.label,
    goal: md(goal.value),
    next_word: incident.state === 'open' && incident.next_update_due ? md(date(incident.next_update_due)) : null,
    next_update: trusted(nextUpdate(facts)),
    update_every: span(estate.severities[incident.severity].update_every),
    took: took === null ? null : span(took),
    verdict: took === null ? null : `${verdict(took, clock.rto)}${countedWords(incident)}`,
  };
}

const tookOf = ({ declared_at, resolved_at }: Incident): number | null =>
  resolved_at === null ? null : resolved_at.getTime() - declared_at.getTime();

function knownLines(facts: IncidentFacts): string[] {
  const { estate, incident } = facts;
  return [
    `Affected: ${affectedSystems(facts)}`,
    ...(incident.acknowledged_by === null ? [] : [`Acknowledged by ${who(estate, incident.acknowledged_by)}`]),
    ...(commanderOf(facts) === null ? [] : [`In command: ${commanderOf(facts) ?? ''}`]),
    ...(incident.last_update === null ? [] : [`Last word: ${userLine(incident.last_update, 400)}`]),
  ];
}
