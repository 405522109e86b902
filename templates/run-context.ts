import { TROUBLED } from '../src/domain/run/model.ts';
import { redactText } from '../src/runtime/redact.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { IncidentFacts, MessageParams, RunFacts } from './facts.ts';
import type { Group } from './fields.ts';
import { serviceName, verdict } from './incident-words.ts';
import { ENDED, isLive } from './live-words.ts';
import { who } from './people-words.ts';
import { proofLines } from './proof-words.ts';
import { approversOf, indexOf, isUnansweredStep, stepName, troubleLine } from './step-words.ts';
import { atMost, lines, code, listed, md, span, userLine, wholeLine } from './words.ts';

/** The run that a message is about: the one that its parameters name, else the newest that is not over, else the newest. */
export function runOf({ runs }: IncidentFacts, params: MessageParams): RunFacts | null {
  const { run: id } = params;
  if (typeof id !== 'number') return runs.find(isLive) ?? runs[0] ?? null;
  const named = runs.find((each) => each.run.id === id);
  if (named) return named;
  throw new LifeboatError('invalid', `the message is about run ${id}, which its facts do not hold`);
}

const EMOJI = {
  running: ':arrow_forward:',
  paused: ':double_vertical_bar:',
  succeeded: ':white_check_mark:',
  unverified: ':warning:',
  failed: ':x:',
  aborted: ':octagonal_sign:',
  rolled_back: ':leftwards_arrow_with_hook:',
} as const;

export function runGroup(facts: IncidentFacts, params: MessageParams): Group<'run'> {
  const found = runOf(facts, params);
  if (!found) return NO_RUN;
  const { estate, now } = facts;
  const { run, plan, counts, live, finished } = found;
  const took = (run.finished_at ?? now).getTime() - run.started_at.getTime();
  const trouble = (run.finished_at === null ? live : finished).filter((row) => TROUBLED.includes(row.state));
  return {
    exists: true,
    over: run.finished_at !== null,
    id: run.id,
    name: md(code(run.name)),
    state: run.state,
    outcome: ENDED[run.state],
    emoji: EMOJI[run.state],
    requested_by: md(who(estate, run.requested_by)),
    services:
      plan.services.length === 0
        ? null
        : md(
            listed(
              atMost(
                plan.services.map((name) => serviceName(estate, name)),
                10,
              ),
            ),
          ),
    steps: plan.steps.length,
    done: (counts['succeeded'] ?? 0) + (counts['skipped'] ?? 0),
    took: span(took),
    objective: plan.rto === null ? null : span(plan.rto),
    verdict: plan.rto === null || run.state !== 'succeeded' ? null : verdict(took, plan.rto),
    digest: plan.digest.slice(0, 12),
    reason: run.reason === null ? null : md(wholeLine(run.reason)),
    stuck: lines(trouble.map((row) => troubleLine(plan, row))),
    // Approval is never skipped, so nobody is told that it could be.
    skippable: trouble.some((row) => indexOf(plan).step(row.step_id).uses !== 'approval'),
    failed: lines(trouble.map((row) => troubleLine(plan, row))),
    skipped: lines(
      finished
        .filter((row) => row.state === 'skipped')
        .map(
          (row) =>
            `${stepName(plan, row.step_id)}${row.error === null ? '' : `: ${userLine(redactText(row.error), 300)}`}`,
        ),
    ),
    unfinished: (counts['cancelled'] ?? 0) + (counts['pending'] ?? 0) + (counts['ready'] ?? 0),
    approvals: lines(
      plan.steps
        .filter((step) => step.uses === 'approval')
        .map((step) => `${stepName(plan, step.id)}: ${approversOf(estate, step)}`),
      10,
    ),
    unanswered: trouble.length > 0 && trouble.every((row) => isUnansweredStep(plan, row)),
    checked: run.state === 'succeeded' ? lines(proofLines(found), 10) : [],
  };
}

const NO_RUN: Group<'run'> = {
  exists: false,
  over: false,
  id: null,
  name: null,
  state: null,
  outcome: null,
  emoji: null,
  requested_by: null,
  services: null,
  steps: null,
  done: null,
  took: null,
  objective: null,
  verdict: null,
  digest: null,
  reason: null,
  stuck: [],
  skippable: false,
  failed: [],
  skipped: [],
  unfinished: null,
  approvals: [],
  checked: [],
  unanswered: false,
};
