import type { StepRow } from '../src/domain/run-model.ts';
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
    actions: lines(won.flatMap(actions)),
    verification: lines(won.flatMap(proofs)),
  };
}

function actions({ plan, finished }: RunFacts): string[] {
  return finished
    .filter((row) => row.state === 'succeeded' || row.state === 'skipped')
    .map((row) => `${stepName(plan, row.step_id)}: ${row.state === 'skipped' ? 'skipped' : tookOf(row)}`);
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
      const looks = step.side_effect === 'none' && ['http', 'tcp', 'command'].includes(step.uses);
      return looks ? [`${stepName(plan, step.id)}: passed`] : [];
    });
}
