import { actionOf } from '../actions/index.ts';
import type { PlanIndex } from '../plan/plan-index.ts';
import { changes } from '../plan/touched-services.ts';
import type { PlanStep, StepRow } from './model.ts';

/** A step that only looks, and fails where something is wrong. */
export const looks = ({ side_effect, uses }: Pick<PlanStep, 'side_effect' | 'uses'>): boolean =>
  side_effect === 'none' && uses !== 'noop' && actionOf(uses).check;

/** Whether its success says that something works: it looks, or a check has to hold after it. */
const proves = (step: PlanStep): boolean => step.postconditions.length > 0 || looks(step);

export interface Verification {
  /** Steps whose checks held after the last change of their service, in the order in which they ended. */
  held: string[];
  /** Why the run is not verified, in words; empty when it is, or when it promised no check. */
  doubts: string[];
}

type Row = Pick<StepRow, 'step_id' | 'state' | 'phase' | 'started_at' | 'finished_at' | 'ord' | 'error'>;

/**
 * What the main steps of a run measured. A check that was left out, one that failed and was passed over, and a recovery of
 * a service that nothing checked after its last change leave the run unverified.
 */
export function verify(index: PlanIndex, rows: readonly Row[]): Verification {
  const { plan } = index;
  const main = rows.filter(({ phase }) => phase === 'main').sort(byEnd);
  const groupOf = ({ step_id }: Row): string =>
    index.step(step_id).group ?? (plan.services.length === 1 ? (plan.services[0] ?? '') : '');
  const spared = new Set(main.filter(isSpared).map(groupOf));
  const lastChange = new Map<string, Row>();
  for (const row of main) {
    if (HAPPENED.has(row.state) && changes(index.step(row.step_id))) lastChange.set(groupOf(row), row);
  }
  const lasts = (row: Row): boolean => {
    const change = lastChange.get(groupOf(row));
    return change === undefined || change === row || begun(row) >= ended(change);
  };
  const checks = main.filter((row) => proves(index.step(row.step_id)) && !isSpared(row));
  const held = checks.filter((row) => row.state === 'succeeded' && lasts(row));
  const doubts = checks.flatMap((row) => {
    if (row.state === 'skipped') return [`the check ${row.step_id} was skipped`];
    if (row.state === 'succeeded' || !HAPPENED.has(row.state) || !lasts(row)) return [];
    return [`the check ${row.step_id} failed${row.error === null ? '' : `: ${row.error}`}`];
  });
  const proven = new Set(held.map(groupOf));
  const unproven =
    plan.kind === 'service' ? plan.services.filter((name) => !proven.has(name) && !spared.has(name)) : [];
  return {
    held: held.map(({ step_id }) => step_id),
    doubts: doubts.length > 0 ? doubts : unproven.map((name) => `nothing checked ${name} afterwards`),
  };
}

const HAPPENED: ReadonlySet<StepRow['state']> = new Set(['succeeded', 'failed', 'timed_out', 'unknown'] as const);

/** How the error of a step begins that was left out because its service was healthy by then. */
export const SPARED = 'left alone: ';
const isSpared = ({ state, error }: Row): boolean => state === 'skipped' && error?.startsWith(SPARED) === true;

const ended = ({ finished_at }: Row): number => finished_at?.getTime() ?? Infinity;
const begun = (row: Row): number => row.started_at?.getTime() ?? ended(row);
const byEnd = (a: Row, b: Row): number => ended(a) - ended(b) || a.ord - b.ord;
