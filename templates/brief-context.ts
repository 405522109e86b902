import { dependentsOf, hitBy } from '../src/domain/estate/dependents.ts';
import { personOf, plainName } from '../src/domain/estate/people.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { redactText } from '../src/runtime/redact.ts';
import type { IncidentFacts, MessageParams, RunFacts } from './facts.ts';
import type { Group } from './fields.ts';
import { clockOf } from './incident-words.ts';
import { expected } from './expected-words.ts';
import { COMMANDER, roleName } from './people-words.ts';
import { isVerified } from './recovery-context.ts';
import { date, firstPart, laterPart, listed, md, span, userLine, userText } from './words.ts';

/*
 * What stakeholders read: plain words that name no step, command, check, run or address, and mention nobody. Brief and
 * public templates may use these fields and few others, so whatever stands here must be fit for people outside.
 */

export function briefGroup(facts: IncidentFacts, params: MessageParams): Group<'brief'> {
  const { estate, incident, now } = facts;
  const { resolved_at, declared_at } = incident;
  const goal = expected(facts, nameOf);
  const took = resolved_at === null ? null : resolved_at.getTime() - declared_at.getTime();
  const { rto } = clockOf(estate, incident, now);
  const text = typeof params['text'] === 'string' && params['text'].trim() !== '' ? params['text'] : null;
  const message = typeof params['message'] === 'string' ? params['message'] : null;
  return {
    systems: md(systems(facts)),
    impact: md(impact(facts)),
    since: md(date(declared_at)),
    doing: md(doing(facts)),
    doing_public: md(doingPublic(facts)),
    goal_label: goal.label,
    goal: md(goal.value),
    next_word: incident.next_update_due === null ? null : md(date(incident.next_update_due)),
    unchanged_since: typeof params['at'] === 'string' ? md(date(new Date(params['at']))) : null,
    contact: md(contact(facts)),
    resolved_at: resolved_at === null ? null : md(date(resolved_at)),
    resolved_by: incident.resolved_by === null ? null : md(nameOf(estate, incident.resolved_by)),
    took: took === null ? null : span(took),
    in_time: took !== null && took <= rto,
    rto: span(rto),
    verified: isVerified(facts, params),
    resolution: incident.resolution?.trim() ? md(userLine(redactText(incident.resolution), 300)) : null,
    text: text === null ? null : md(typeof params['part'] === 'number' ? laterPart(text) : firstPart(text)),
    message: message === null ? null : md(userText(redactText(message))),
    author: typeof params['actor'] === 'string' ? md(nameOf(estate, params['actor'])) : null,
  };
}

/** A person's name; somebody whom the estate does not list is not shown by an id. */
export function nameOf(estate: Estate, actor: string): string {
  if (personOf(estate, actor) === null && actor.startsWith('slack:')) return 'somebody in Slack';
  return userLine(actor === 'lifeboat' ? 'Lifeboat' : plainName(estate, actor), 80);
}

const serviceNames = (estate: Estate, services: readonly string[], max = 6): string => {
  const names = services.map((each) => {
    const name = Object.hasOwn(estate.services, each) ? estate.services[each]?.name : undefined;
    return userLine(name ?? each, 80);
  });
  return names.length <= max ? listed(names) : `${names.slice(0, max).join(', ')} and ${names.length - max} more`;
};

function systems({ estate, incident }: IncidentFacts): string {
  if (incident.service === null) return 'not known yet';
  return serviceNames(estate, hitBy(estate, incident.service));
}

function impact({ estate, incident: { service } }: IncidentFacts): string {
  if (service === null) return 'Which services suffer is not known yet.';
  const { strong, weak } = dependentsOf(estate, service);
  const name = serviceNames(estate, [service]);
  const parts = [
    ...(strong.length > 0 ? [`${serviceNames(estate, strong)} cannot work without ${name}.`] : []),
    ...(weak.length > 0 ? [`${serviceNames(estate, weak)} may work less well.`] : []),
  ];
  return parts.length > 0 ? parts.join(' ') : `No other service depends on ${name}.`;
}

/** What is done about it, in one sentence. */
function doing(facts: IncidentFacts): string {
  const { estate, incident, runs, pages } = facts;
  if (incident.state !== 'open') return 'It is over.';
  const live = runs.find(({ run }) => run.finished_at === null);
  if (live) return runWords(facts, live);
  const [last] = runs;
  const before = last ? `${LAST[last.run.state] ?? 'A recovery ended'}. ` : '';
  if (incident.acknowledged_by !== null)
    return `${before}${nameOf(estate, incident.acknowledged_by)} is working on it.`;
  const called = pages.some(({ trouble }) => trouble === undefined);
  return `${before}${called ? 'People on call are paged; nobody' : 'Nobody'} has answered yet.`;
}

const LAST: Partial<Record<RunFacts['run']['state'], string>> = {
  succeeded: 'The recovery is done',
  unverified: 'The recovery ended, and not all was checked',
  failed: 'A recovery failed',
  aborted: 'A recovery was stopped',
  rolled_back: 'A recovery was undone',
};

function runWords({ estate, approvals }: IncidentFacts, { run, plan }: RunFacts): string {
  const what = plan.services.length === 0 ? 'A recovery' : `The recovery of ${serviceNames(estate, plan.services, 3)}`;
  if (run.state === 'paused') return `${what} stands still until somebody decides.`;
  const asked = approvals.some(({ approval }) => approval.run_id === run.id);
  return asked ? `${what} waits for an approval or a task of a person.` : `${what} is under way.`;
}

function doingPublic({ incident, runs }: IncidentFacts): string {
  if (incident.state !== 'open') return 'It is over.';
  if (runs.some(({ run }) => run.finished_at === null)) return 'We are restoring it.';
  return incident.acknowledged_by === null ? 'We are looking into it.' : 'We are working on it.';
}

/** Whom to ask, by name: the commander, else who answered, else who declared it. */
function contact({ estate, incident, roles }: IncidentFacts): string {
  const commander = roles.findLast(({ role }) => role === COMMANDER);
  if (commander) return `${nameOf(estate, commander.person)} (${roleName(estate, COMMANDER)})`;
  if (incident.acknowledged_by !== null) return `${nameOf(estate, incident.acknowledged_by)} (works on it)`;
  return `${nameOf(estate, incident.declared_by)} (declared it)`;
}
