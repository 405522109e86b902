import * as z from 'zod';
import { redWords, verdictOf, type ServiceLook } from '../src/domain/health/look.ts';
import type { StepRow } from '../src/domain/run/model.ts';
import { looks } from '../src/domain/run/verification.ts';
import { redactText } from '../src/runtime/redact.ts';
import type { IncidentFacts, MessageParams, RunFacts } from './facts.ts';
import type { Group } from './fields.ts';
import { affectedSystems, serviceName } from './incident-words.ts';
import { proofLines } from './proof-words.ts';
import { indexOf, stepName } from './step-words.ts';
import { atMost, code, lines, listed, md, span, userLine } from './words.ts';

/** What the look at the checks said that stands behind a resolution; absent in what older versions decided. */
const PROOF = z
  .object({
    looks: z.array(z.custom<ServiceLook>()).default([]),
    needed: z.array(z.string()).default([]),
    reason: z.string().nullable().default(null),
  })
  .catch({ looks: [], needed: [], reason: null });

/** What the runs did, what was measured afterwards, and what was not, for the people who hear that it is over. */
export function recoveryGroup(facts: IncidentFacts, params: MessageParams): Group<'recovery'> {
  const { estate } = facts;
  const ended = endedRuns(facts);
  const services = [...new Set(ended.flatMap(({ plan }) => plan.services))];
  const names = services.map((name) => serviceName(estate, name));
  const proof = PROOF.parse(params);
  const several = ended.length > 1;
  const held = ended.filter(({ run }) => run.state === 'succeeded').flatMap((each) => proofLines(each));
  const doubts = doubtsOf(facts, ended, proof, held.length > 0);
  return {
    took_part: ended.length > 0,
    systems: md(names.length === 0 ? affectedSystems(facts) : listed(atMost(names, 15))),
    actions: lines(ended.flatMap((each) => actions(each, several))),
    verified: doubts.length === 0,
    checks: lines(proof.looks.flatMap(greenLine)),
    doubt:
      doubts[0] === undefined
        ? null
        : md(doubts.length > 1 ? `${doubts[0]} (${doubts.length - 1} more in the thread)` : doubts[0]),
    doubts: lines(doubts),
    reason: proof.reason === null ? null : md(userLine(redactText(proof.reason), 600)),
    verification: lines(held),
  };

  function greenLine({ service, health, checks }: ServiceLook): string[] {
    if (health !== 'healthy') return [];
    return [`${serviceName(estate, service)}: ${listed(checks.map(({ id }) => code(id)))} green`];
  }
}

/** Whether each service was measured after its last change. */
export function isVerified(facts: IncidentFacts, params: MessageParams): boolean {
  const ended = endedRuns(facts);
  const held = ended.some((each) => each.run.state === 'succeeded' && proofLines(each).length > 0);
  return doubtsOf(facts, ended, PROOF.parse(params), held).length === 0;
}

const endedRuns = ({ runs }: IncidentFacts): RunFacts[] =>
  runs.filter(({ run }) => run.state === 'succeeded' || run.state === 'unverified').toReversed();

/** Why nobody may say that it was verified; nothing where each service was measured after its last change. */
function doubtsOf(
  { estate, incident }: IncidentFacts,
  ended: RunFacts[],
  proof: z.infer<typeof PROOF>,
  held: boolean,
): string[] {
  const line = (text: string): string => userLine(redactText(text), 400);
  const red = proof.looks.filter(({ health }) => health === 'unhealthy');
  if (red.length > 0) {
    return red.map((look) => `${serviceName(estate, look.service)} is red: ${line(redWords(look))}`);
  }
  if (verdictOf(proof.looks, proof.needed) === 'verified') return [];
  const proven = ended.filter(({ run }) => run.state === 'succeeded').flatMap(({ plan }) => plan.services);
  const green = proof.looks.filter(({ health }) => health === 'healthy').map(({ service }) => service);
  const needed = [...new Set([incident.service, ...ended.flatMap(({ plan }) => plan.services)])].filter(
    (name) => name !== null,
  );
  const open = needed.filter((name) => !green.includes(name) && !(held && proven.includes(name)));
  if (needed.length === 0) return held ? [] : ['no service was named, so no check could be run'];
  return open.map((name) => {
    const why = proof.looks.find(({ service }) => service === name)?.unchecked ?? 'nobody looked at its checks';
    const runs = ended.filter(({ run, plan }) => run.state === 'unverified' && plan.services.includes(name));
    const doubt = runs.flatMap(({ run }) => (run.reason === null ? [] : [`, and ${line(run.reason)}`])).join('');
    return `${serviceName(estate, name)} was not checked: ${line(why)}${doubt}`;
  });
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
