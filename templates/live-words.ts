import { holdsRole } from '../src/domain/estate/holders.ts';
import { TROUBLED, type RunState } from '../src/domain/run/model.ts';
import type { ApprovalFacts, IncidentFacts, RunFacts } from './facts.ts';
import { commanderOf, roleName, roleWithPeople, people, who } from './people-words.ts';
import { deliveryWords, nextEscalation, pagedNext, serviceName } from './incident-words.ts';
import { comingSteps, indexOf, stepName, troubleLine } from './step-words.ts';
import { atMost, code, count, date, listed, span } from './words.ts';

export const isLive = ({ run }: RunFacts): boolean => run.finished_at === null;

/** '7/12' */
const progress = ({ counts, plan }: RunFacts): string =>
  `${(counts['succeeded'] ?? 0) + (counts['skipped'] ?? 0)}/${plan.steps.length}`;

export const runName = ({ run }: RunFacts): string => `run ${run.id} ${code(run.name)}`;

/** The steps that work right now. */
export function runningSteps({ runs, now }: IncidentFacts): string[] {
  const live = runs.filter(isLive);
  return live.flatMap((each) =>
    each.live
      .filter((row) => row.state === 'running')
      .map((row) => {
        const where = live.length > 1 ? ` in ${runName(each)}` : '';
        const long = row.started_at === null ? '' : ` for ${since(row.started_at, now)}`;
        return `${stepName(each.plan, row.step_id)}${long}${where}`;
      }),
  );
}

/** What works right now, run by run with its progress. */
export function runningLines({ runs, now }: IncidentFacts): string[] {
  return runs.filter(isLive).flatMap((each) => {
    const { run, plan, live } = each;
    const steps = live
      .filter((row) => row.state === 'running')
      .map(
        (row) => stepName(plan, row.step_id) + (row.started_at === null ? '' : ` for ${since(row.started_at, now)}`),
      );
    const state = run.state === 'paused' ? 'is paused' : phaseWords[run.phase];
    const what = steps.length > 0 ? `: ${listed(atMost(steps, 5, '`/dr status`'))}` : '';
    return [`${capital(runName(each))} ${state}, ${progress(each)} steps done${what}`];
  });
}

const phaseWords = { main: 'is under way', rollback: 'is being undone', finally: 'is cleaning up' } as const;

/** What waits for people, and for whom. */
export function waitingLines(facts: IncidentFacts): string[] {
  const { estate, incident } = facts;
  const pages = facts.pages
    .filter((page) => page.state === 'triggered' && incident.state === 'open')
    .map(
      (page) =>
        `An answer from ${people(estate, page.people) || roleName(estate, page.role)}, paged as ${roleName(estate, page.role)}${page.trouble === undefined ? '' : ', which the pager has not confirmed'}`,
    );
  return [...pages, ...facts.approvals.map((each) => approvalLine(facts, each)), ...strandedLines(facts)];
}

/** Steps that stand still because nothing runs them; a person has to start something. */
function strandedLines({ stranded = [], now }: IncidentFacts): string[] {
  return stranded.map(({ run, step, site, since: from }) => {
    const where = site === null ? 'a worker' : `a worker of the site ${code(site)}`;
    const start = site === null ? 'lifeboat worker' : `lifeboat worker --site ${site}`;
    return `${code(step)} waits for ${where} (since ${since(from, now)}): start one with ${code(start)}${run === null ? '' : ', or `/dr abort &lt;reason&gt;`'}`;
  });
}

function approvalLine({ estate, now }: IncidentFacts, facts: ApprovalFacts): string {
  const { approval, plan, votes, holders } = facts;
  const step = stepName(plan, approval.step_id);
  const asked = `asked ${since(approval.created_at, now)} ago`;
  if (approval.kind === 'manual') return `${step}: a person has to do it (${asked})`;
  const given = votes.filter(
    (vote) => vote.decision === 'approve' && holdsRole(estate, vote.person, approval.approvers, holders),
  ).length;
  const from = listed(
    approval.approvers.map((role) => roleWithPeople(estate, role, holders)),
    'or',
  );
  return `${step}: approval from ${from}, ${given} of ${approval.min_approvals} given (${asked})`;
}

/** Steps that went wrong and hold a run up. */
export function troubleLines({ runs }: IncidentFacts): string[] {
  return runs
    .filter(isLive)
    .flatMap(({ plan, live }) =>
      live.filter((row) => TROUBLED.includes(row.state)).map((row) => troubleLine(plan, row)),
    );
}

/** What happens next by itself, or what somebody should start. */
export function nextLines(facts: IncidentFacts): string[] {
  const { estate, incident, runs } = facts;
  const live = runs.filter(isLive);
  const steps = live
    .filter(({ run }) => run.state === 'running' && run.phase === 'main' && run.ending === null)
    .flatMap(({ plan, live: rows }) => comingSteps(plan, rows).map((step) => stepName(plan, step.id)));
  const ladder = nextEscalation(facts);
  const lines = [
    ...troubleFix(facts),
    ...(steps.length > 0 ? [`Then ${listed(atMost(steps, 5, '`/dr status`'))}`] : []),
    ...(ladder ? [`If nobody answers, ${pagedNext(estate, ladder)}`] : []),
  ];
  if (incident.state !== 'open') return lines;
  if (commanderOf(facts) === null) lines.push('Somebody takes command: *Take command* on the card');
  const recovered = runs.some(
    ({ run, plan }) => run.state === 'succeeded' && plan.services.includes(incident.service ?? ''),
  );
  if (live.length === 0 && recovered) lines.push('Is all well again? Resolve it with `/dr resolve &lt;summary&gt;`');
  else if (live.length === 0 && incident.service !== null && recoverable(facts)) {
    lines.push(
      `Recover ${serviceName(estate, incident.service)} with ${code(`/dr recover ${incident.service}`)}, or resolve with \`/dr resolve &lt;summary&gt;\``,
    );
  }
  return lines;
}

const troubleFix = (facts: IncidentFacts): string[] =>
  troubleLines(facts).length > 0
    ? ['Decide on the steps in trouble: `/dr retry`, `/dr skip` or `/dr abort`, each with a reason']
    : [];

export const recoverable = ({ estate, incident }: IncidentFacts): boolean =>
  incident.service !== null && estate.services[incident.service]?.recover !== undefined;

/** What nobody can say at the moment. */
export function unknownLines(facts: IncidentFacts): string[] {
  const { incident, runs } = facts;
  const doubtful = runs
    .filter(isLive)
    .flatMap(({ plan, live }) =>
      live.filter((row) => row.state === 'unknown').map((row) => `Whether ${stepName(plan, row.step_id)} happened`),
    );
  const undelivered = deliveryWords(facts);
  return [
    ...(incident.service === null ? ['Which service is the cause: none was named'] : []),
    ...(incident.acknowledged_at === null ? ['Who works on it: nobody has acknowledged yet'] : []),
    ...doubtful,
    ...(undelivered === null ? [] : [`Whether everybody was reached: ${undelivered}`]),
  ];
}

/** How a run ended; one that has not ended is spoken of elsewhere. */
export const ENDED: Record<RunState, string> = {
  running: 'is under way',
  paused: 'is paused',
  succeeded: 'succeeded',
  unverified: 'ended, not verified',
  failed: 'failed',
  aborted: 'was aborted',
  rolled_back: 'was undone',
};

/** The state of the incident in one sentence. */
export function statusSentence(facts: IncidentFacts): string {
  const { estate, incident, now, runs } = facts;
  if (incident.state !== 'open') {
    const by = incident.resolved_by === null ? '' : ` by ${who(estate, incident.resolved_by)}`;
    return `${capital(incident.state)}${incident.resolved_at === null ? '' : ` since ${date(incident.resolved_at)}`}${by}.`;
  }
  const [run, ...more] = runs.filter(isLive);
  if (run) {
    const stuck = troubleLines(facts).length;
    const others = more.length > 0 ? `, and ${count(more.length, 'other run')}` : '';
    const trouble = stuck > 0 ? `; ${count(stuck, 'step needs', 'steps need')} a decision` : '';
    return `${capital(runName(run))} is ${run.run.state === 'paused' ? 'paused' : 'under way'}, ${progress(run)} steps done${others}${trouble}.`;
  }
  const last = runs[0] ? `${runName(runs[0])} ${ENDED[runs[0].run.state]}` : 'no recovery runs';
  if (incident.acknowledged_by !== null) return `${who(estate, incident.acknowledged_by)} is on it; ${last}.`;
  const ended = runs[0] ? ` ${capital(last)}.` : '';
  if (now.getTime() - incident.declared_at.getTime() < 1000) return `Nobody has acknowledged yet.${ended}`;
  return `Nobody has acknowledged for ${since(incident.declared_at, now)}.${ended}`;
}

export const since = (at: Date, now: Date): string => span(now.getTime() - at.getTime());
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const stuckSteps = ({ live, plan }: RunFacts) =>
  live.filter((row) => TROUBLED.includes(row.state)).map((row) => ({ row, step: indexOf(plan).step(row.step_id) }));
