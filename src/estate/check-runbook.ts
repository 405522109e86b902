import type { Check, Estate, Runbook, Step } from '../domain/estate/model.ts';
import { actionOf } from '../domain/actions/index.ts';
import { ancestorsOf, sortGraph, type Graph } from '../domain/plan/graph.ts';
import type { JsonObject } from '../domain/json.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkApprovers, checkNames } from './names.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';

/** Adds a problem for each name and expression of the runbook that leads nowhere; without an estate, for its own. */
export function checkRunbook(runbook: Runbook, estate: Estate | undefined, source: Source, problems: Problem[]): void {
  checkInputs(runbook, estate, source, problems);
  checkIds(runbook, source, problems);
  for (const part of ['steps', 'finally'] as const) {
    const graph: Graph = new Map(runbook[part].map((step) => [step.id, step.needs]));
    checkNeeds(runbook, part, graph, source, problems);
    for (const [index, step] of runbook[part].entries()) {
      const path = [part, index];
      if (estate !== undefined) checkPeopleOf(step, estate, source, [...path, 'with'], problems);
      const scope = {
        runbook,
        estate,
        step: step.id,
        others: [...graph.keys()],
        before: () => ancestorsOf(graph, step.id),
        part,
      };
      for (const [place, value, uses] of templatesOf(step)) {
        checkExpressions(value, { ...scope, by: actionOf(uses).by }, source, [...path, ...place], problems);
      }
      if (estate === undefined || step.site === undefined) continue;
      checkNames('site', step.site, estate.sites, source, [...path, 'site'], problems);
    }
  }
}

function checkInputs(runbook: Runbook, estate: Estate | undefined, source: Source, problems: Problem[]): void {
  for (const [id, input] of Object.entries(runbook.inputs)) {
    if (input.default === undefined) continue;
    const path = ['inputs', id, 'default'];
    const type = input.type === 'number' || input.type === 'boolean' ? input.type : 'string';
    if (typeof input.default !== type) {
      const rule = `the input is a ${input.type}`;
      const fix = type === 'string' ? 'put the default in quotes' : `write a ${type}`;
      problems.push(
        source.problem(path, { message: `the default of ${id} is ${JSON.stringify(input.default)}`, rule, fix }),
      );
    } else if (
      estate !== undefined &&
      typeof input.default === 'string' &&
      (input.type === 'site' || input.type === 'service')
    ) {
      checkNames(
        input.type,
        input.default,
        input.type === 'site' ? estate.sites : estate.services,
        source,
        path,
        problems,
      );
    }
  }
}

function checkIds(runbook: Runbook, source: Source, problems: Problem[]): void {
  const seen = new Set<string>();
  for (const part of ['steps', 'finally'] as const) {
    for (const [index, { id }] of runbook[part].entries()) {
      if (seen.has(id)) {
        const words = {
          message: `two steps are called ${id}`,
          rule: 'the ids of the steps of a runbook differ',
          fix: 'rename one',
        };
        problems.push(source.problem([part, index, 'id'], words));
      }
      seen.add(id);
    }
  }
}

function checkNeeds(
  runbook: Runbook,
  part: 'steps' | 'finally',
  graph: Graph,
  source: Source,
  problems: Problem[],
): void {
  for (const [index, step] of runbook[part].entries()) {
    const noun = part === 'steps' ? 'step' : 'finally step';
    checkNames(noun, step.needs, [...graph.keys()], source, [part, index, 'needs'], problems);
  }
  const sorted = sortGraph(graph);
  if (sorted.ok) return;
  const index = runbook[part].findIndex((step) => step.id === sorted.cycle[0]);
  const words = {
    message: `steps wait for each other in a circle: ${sorted.cycle.join(' → ')}`,
    rule: 'there is a first step',
    fix: 'take out one of these needs',
  };
  problems.push(source.problem([part, index, 'needs'], words));
}

function checkPeopleOf(step: Step, estate: Estate, source: Source, path: Path, problems: Problem[]): void {
  const { approvers, audience, role, min_approvals, exclude_requester } = step.with;
  if (step.uses === 'notify') {
    if (typeof audience === 'string')
      checkNames('audience', audience, estate.audiences, source, [...path, 'audience'], problems);
    if (typeof role === 'string') checkNames('role', role, estate.roles, source, [...path, 'role'], problems);
  }
  if (step.uses !== 'approval' || !Array.isArray(approvers)) return;
  const asked = {
    approvers: approvers.map(String),
    min_approvals: Number(min_approvals),
    exclude_requester: exclude_requester === true,
  };
  checkApprovers(asked, estate, source, path, problems);
}

/** Every value of a step that may hold expressions, with its place. */
type Template = [(string | number)[], JsonObject, Step['uses']];
function templatesOf(step: Step): Template[] {
  const check = (place: (string | number)[], value?: Check): Template[] =>
    value === undefined ? [] : [[[...place, 'with'], value.with, value.uses]];
  return [
    [['with'], step.with, step.uses],
    ...check(['probe'], step.probe),
    ...check(['rollback'], step.rollback),
    ...step.preconditions.flatMap((value, index) => check(['preconditions', index], value)),
    ...step.postconditions.flatMap((value, index) => check(['postconditions', index], value)),
  ];
}
