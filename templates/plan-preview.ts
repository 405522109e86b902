import type { RoleHolders } from '../src/domain/estate/holders.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Plan, PlanStep } from '../src/domain/run/model.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { context, fields, header } from './blocks.ts';
import { clip, MAX, sections } from './clip.ts';
import { serviceName } from './incident-words.ts';
import { roleWithPeople } from './people-words.ts';
import { indexOf, stepAction, stepName } from './step-words.ts';
import { atMost, code, count, listed, span, userLine } from './words.ts';

/** Steps that are shown one by one; more than this nobody reads, and Slack takes 50 blocks. */
const SHOWN = 60;

/** What `/dr recover` or `/dr run` would do: steps in their order, approvals, objectives. Nothing runs. */
export function planPreview(plan: Plan, estate: Estate, holders: RoleHolders): ChatMessage {
  const levels = levelsOf(plan);
  const approvals = plan.steps.filter((step) => step.uses === 'approval');
  const start = plan.kind === 'service' ? `/dr recover ${plan.target}` : `/dr run ${plan.target}`;
  const size = `${count(plan.steps.length, 'step')} in ${count(levels.length, 'stage')}, ${count(approvals.length, 'approval')}`;
  return {
    text: `Plan ${code(plan.name)}: ${size}. Nothing has been started.`,
    blocks: [
      header(clip(`Plan: ${plan.name}`, MAX.header)),
      ...sections([userLine(plan.title, 500)]),
      fields(...planFields(plan, estate, size).map((text) => clip(text, MAX.field))),
      ...sections([...stageLines(plan, estate, levels), ...clean(plan, estate)]),
      ...sections(
        approvals.length === 0
          ? ['*Approval:* none is asked']
          : ['*Approval is asked*', ...approvalLines(plan, estate, approvals, holders)],
      ),
      context(
        ...(plan.kind === 'service' && plan.services.length > 1
          ? [
              'Dependencies found healthy at the start are left out, with all that lies behind them; the plan and its digest are then others.',
            ]
          : []),
        `Plan \`${plan.digest.slice(0, 12)}\` · nothing has been started; start it with ${code(start)} in the incident`,
      ),
    ],
  };
}

function planFields(plan: Plan, estate: Estate, size: string): string[] {
  const services = plan.services.map((name) => serviceName(estate, name));
  const runbook =
    plan.kind === 'runbook' ? estate.runbooks[plan.target]?.objectives?.rpo : estate.services[plan.target]?.rpo;
  const inputs = Object.entries(plan.inputs).map(([name, value]) =>
    code(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`, 100),
  );
  return [
    `*Size:* ${size}`,
    `*Objectives:* ${plan.rto === null ? 'none given' : `done within ${span(plan.rto)}`}${runbook === undefined ? '' : `, at most ${span(runbook)} of data lost`}`,
    ...(services.length > 0 ? [`*Services, in order:* ${atMost(services, 12, 'the stages below').join(', ')}`] : []),
    ...(inputs.length > 0 ? [`*Inputs:* ${atMost(inputs, 10).join(', ')}`] : []),
    `*Expected:* ${expected(plan)}`,
  ];
}

/** The longest way through the plan by what its steps are expected to take; null parts count as nothing. */
function expected(plan: Plan): string {
  const ends = new Map<string, number>();
  let longest = 0;
  for (const step of ordered(plan)) {
    const begin = Math.max(0, ...step.needs.map((need) => ends.get(need) ?? 0));
    const end = begin + (step.expected_duration ?? 0);
    ends.set(step.id, end);
    longest = Math.max(longest, end);
  }
  const silent = plan.steps.filter((step) => step.expected_duration === undefined).length;
  if (longest === 0) return 'no step says how long it takes';
  return silent === 0
    ? span(longest)
    : `${span(longest)}, without ${count(silent, 'step')} that ${silent === 1 ? 'does' : 'do'} not say`;
}

/** Steps such that each comes after its needs. */
function ordered(plan: Plan): PlanStep[] {
  return levelsOf(plan).flat();
}

/** Steps by how many must be done before: those of one stage may run at the same time. */
function levelsOf(plan: Plan): PlanStep[][] {
  const waiting = new Map(plan.steps.map((step) => [step.id, step.needs.length]));
  const levels: PlanStep[][] = [];
  let level = plan.steps.filter((step) => step.needs.length === 0);
  while (level.length > 0) {
    levels.push(level);
    const next: PlanStep[] = [];
    for (const id of level.flatMap((step) => indexOf(plan).dependents(step.id))) {
      const left = (waiting.get(id) ?? 0) - 1;
      waiting.set(id, left);
      if (left === 0) next.push(indexOf(plan).step(id));
    }
    level = next;
  }
  return levels;
}

function stageLines(plan: Plan, estate: Estate, levels: PlanStep[][]): string[] {
  let room = SHOWN;
  const lines: string[] = [];
  for (const [index, level] of levels.entries()) {
    if (room <= 0) {
      const rest = levels.slice(index).flat();
      lines.push(`*Stages ${index + 1} to ${levels.length}:* ${count(rest.length, 'more step')} (${kinds(rest)})`);
      break;
    }
    const shown = level.slice(0, room);
    room -= shown.length;
    lines.push(`*Stage ${index + 1}*${level.length > 1 ? ` (${level.length} at the same time)` : ''}`);
    lines.push(...shown.map((step) => stepLine(plan, estate, step)));
    const hidden = level.slice(shown.length);
    if (hidden.length > 0) lines.push(`• and ${hidden.length} more (${kinds(hidden)})`);
  }
  return lines;
}

function stepLine(plan: Plan, estate: Estate, step: PlanStep): string {
  const notes = [...(step.side_effect === 'once' ? ['once only'] : []), ...(step.rollback ? ['can be undone'] : [])];
  return `• ${stepName(plan, step.id)}: ${stepAction(estate, step)}${notes.length > 0 ? ` _(${notes.join(', ')})_` : ''}`;
}

/** '900 command, 40 http' */
function kinds(steps: PlanStep[]): string {
  const counts = new Map<string, number>();
  for (const { uses } of steps) counts.set(uses, (counts.get(uses) ?? 0) + 1);
  return [...counts].map(([uses, n]) => `${n} ${uses}`).join(', ');
}

function clean(plan: Plan, estate: Estate): string[] {
  if (plan.finally.length === 0) return [];
  const lines = plan.finally.map((step) => stepLine(plan, estate, step));
  return ['*Always at the end*', ...atMost(lines, 10, '`/dr status` while it runs')];
}

/** The roles that a plan would ask for approval. */
export const rolesAsked = (plan: Plan): string[] => [
  ...new Set(plan.steps.filter((step) => step.uses === 'approval').flatMap(approversIn)),
];

const approversIn = (step: PlanStep): string[] =>
  Array.isArray(step.with['approvers']) ? step.with['approvers'].filter((role) => typeof role === 'string') : [];

const approvalLines = (plan: Plan, estate: Estate, approvals: PlanStep[], holders: RoleHolders): string[] =>
  atMost(
    approvals.map((step) => {
      const min = typeof step.with['min_approvals'] === 'number' ? step.with['min_approvals'] : 1;
      const who = listed(
        approversIn(step).map((role) => roleWithPeople(estate, role, holders)),
        'or',
      );
      return `• ${stepName(plan, step.id)}: ${min > 1 ? `${min} of ` : ''}${who}${step.with['exclude_requester'] === false ? '' : ', but not whoever starts it'}`;
    }),
    12,
    'further approvals',
  );
