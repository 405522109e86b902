import { formatDuration } from '../src/domain/duration.ts';
import { actionOf } from '../src/domain/actions/index.ts';
import type { Check, Estate } from '../src/domain/estate/model.ts';
import type { Json } from '../src/domain/json.ts';
import type { Plan, PlanStep, StepRow, StepState } from '../src/domain/run/model.ts';
import { indexPlan, type PlanIndex } from '../src/domain/plan/plan-index.ts';
import { redactText } from '../src/runtime/redact.ts';
import { code, count, listed, userLine, userText } from './words.ts';
import { roleName } from './people-words.ts';

const indexes = new WeakMap<Plan, PlanIndex>();

/** The plan's look-ups, built once for each plan that is shown. */
export function indexOf(plan: Plan): PlanIndex {
  const known = indexes.get(plan) ?? indexPlan(plan);
  indexes.set(plan, known);
  return known;
}

export const stepName = (plan: Plan, id: string): string => {
  const { name } = indexOf(plan).step(id);
  return name === id ? code(id) : `${code(id)} (${userLine(name, 120)})`;
};

/** What a step will do, with its resolved arguments cut to `max` characters and without what looks like a secret. */
export function stepAction(estate: Estate, step: Pick<PlanStep, 'uses' | 'with'>, max = 160): string {
  const { uses, with: input } = step;
  const text = (key: string): string => plainText(input[key]);
  switch (uses) {
    case 'command':
      return `runs ${actionWords(step, max)}`;
    case 'http':
      return `sends ${actionWords(step, max)}`;
    case 'tcp':
      return `connects to ${actionWords(step, max)}`;
    case 'approval':
      return `asks ${approversOf(estate, step)} for approval`;
    case 'manual':
      return `asks a person: ${userLine(text('instructions'), max)}`;
    case 'wait':
      return `waits ${typeof input['duration'] === 'number' ? formatDuration(input['duration']) : code(text('duration'))}`;
    case 'notify':
      return `tells ${code(text('audience') || text('channel') || text('role'))}: ${userLine(text('message'), max)}`;
    case 'noop':
      return 'does nothing';
  }
}

/** The command line, the request or the address. */
function actionWords({ uses, with: input }: Pick<PlanStep, 'uses' | 'with'>, max: number): string {
  const text = (key: string): string => plainText(input[key]);
  if (uses === 'command') return code(redactText(words(input['run'])), max);
  if (uses === 'http') return code(redactText(`${text('method') || 'GET'} ${text('url')} ${text('body')}`.trim()), max);
  return uses === 'tcp' ? code(`${text('host')}:${text('port')}`, max) : code(uses);
}

/** 'Incident commander' or '2 of Incident commander and Database' */
export function approversOf(estate: Estate, { with: input }: Pick<PlanStep, 'with'>): string {
  const roles = Array.isArray(input['approvers']) ? input['approvers'].map(String) : [];
  const min = typeof input['min_approvals'] === 'number' ? input['min_approvals'] : 1;
  const names = listed(
    roles.map((role) => roleName(estate, role)),
    'or',
  );
  return min === 1 ? names : `${min} of ${names}`;
}

/** What is known of a step in trouble, in one line. */
export function troubleLine(plan: Plan, row: StepRow): string {
  const tries = row.attempt > 1 ? ` after ${count(row.attempt, 'attempt')}` : '';
  const why = row.error === null ? '' : `: ${userLine(redactText(row.error), 300)}`;
  return `${stepName(plan, row.step_id)} ${STATE_WORDS[row.state]}${tries}${why}`;
}

/** A question or a task that nobody answered in its time: it can be asked again. */
export const isUnansweredStep = (plan: Plan, row: Pick<StepRow, 'state' | 'step_id'>): boolean =>
  row.state === 'timed_out' && actionOf(indexOf(plan).step(row.step_id).uses).by === 'person';

const STATE_WORDS: Record<StepState, string> = {
  pending: 'waits for other steps',
  ready: 'is held',
  running: 'runs',
  waiting_approval: 'waits for approval',
  waiting_manual: 'waits for a person',
  succeeded: 'is done',
  failed: 'failed',
  timed_out: 'took too long',
  unknown: 'may or may not have happened',
  skipped: 'was skipped',
  cancelled: 'was cancelled',
};

/** Main steps whose turn comes when what is live now is done, in plan order. */
export function comingSteps(plan: Plan, live: readonly StepRow[]): PlanStep[] {
  const now = new Set(live.map((row) => row.step_id));
  const next = new Set([...now].flatMap((id) => indexOf(plan).dependents(id)));
  return plan.steps.filter((step) => next.has(step.id) && !now.has(step.id));
}

/** What a check looks at, as a thing that can hold. */
export function checkWords(checks: readonly Check[]): string {
  return listed(checks.map(({ uses, with: input }) => actionWords({ uses, with: input }, 80)));
}

function words(run: Json | undefined): string {
  if (!Array.isArray(run)) return plainText(run);
  return run.map((word) => shellWord(plainText(word))).join(' ');
}

const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word));

function plainText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export const instructionsOf = ({ with: input }: Pick<PlanStep, 'with'>): string =>
  userText(plainText(input['instructions']));
