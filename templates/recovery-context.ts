import { actionOf } from '../src/domain/actions/index.ts';
import type { PlanStep, StepRow } from '../src/domain/run/model.ts';
import type { IncidentFacts, RunFacts } from './facts.ts';
import type { Group } from './fields.ts';
import { affectedSystems, serviceName } from './incident-words.ts';
import { checkWords, indexOf, stepName } from './step-words.ts';
import { atMost, lines, listed, md, span } from './words.ts';

/** What the runs that succeeded did and proved, for the people who hear that it is over. */
export function recoveryGroup(facts: IncidentFacts): Group<'recovery'> {
  const { estate } = facts;
  const won = facts.runs.filter(({ run }) => run.state === 'succeeded').toReversed(); // oldest first
  const services = [...new Set(won.flatMap(({ plan }) => plan.services))];
  const systems =
    services.length === 0
      ? affectedSystems(facts)
      : listed(
          atMost(
            services.map((name) => serviceName(estate, name)),
            15,
          ),
        );
  return {
    took_part: won.length > 0,
    systems: md(systems),
    actions: lines(won.flatMap((each) => actions(each, won.length > 1))),
    verification: lines(won.flatMap(proofs)),
  };
}

/** What changed something, or was left out; which run it was is only said where there are several. */
function actions({ run, plan, finished }: RunFacts, several: boolean): string[] {
  const before = several ? `Run ${run.id}, ` : '';
  return finished
    .filter((row) => row.state === 'skipped' || (row.state === 'succeeded' && !looks(indexOf(plan).step(row.step_id))))
    .map((row) => `${before}${stepName(plan, row.step_id)}: ${row.state === 'skipped' ? 'skipped' : tookOf(row)}`);
}

const tookOf = ({ started_at, finished_at }: StepRow): string =>
  started_at === null || finished_at === null ? 'done' : span(finished_at.getTime() - started_at.getTime());

/** Post-conditions that held, and steps that only look and passed. */
function proofs({ plan, finished }: RunFacts): string[] {
  return finished
    .filter((row) => row.state === 'succeeded')
    .flatMap((row) => {
      const step = indexOf(plan).step(row.step_id);
      if (step.postconditions.length > 0)
        return [`After ${stepName(plan, step.id)}: ${checkWords(step.postconditions)} held`];
      return looks(step) && step.on_failure !== 'continue' ? [`${stepName(plan, step.id)}: passed`] : [];
    });
}

const looks = ({ side_effect, uses }: PlanStep): boolean =>
  side_effect === 'none' && uses !== 'noop' && actionOf(uses).check;
