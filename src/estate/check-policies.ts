import { formatDuration } from '../domain/duration.ts';
import type { Estate, EscalationLevel } from '../domain/estate/model.ts';
import { checkNames } from './names.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';

/** Adds a problem for levels that lead nowhere or are out of order, and for a repeat of what pages nobody. */
export function checkPolicies(estate: Estate, source: Source, problems: Problem[]): void {
  for (const [id, { levels, repeat }] of Object.entries(estate.escalation_policies)) {
    const path = ['escalation_policies', id];
    checkLevels(estate, isList(source.raw, path) ? path : [...path, 'levels'], levels, source, problems);
    if (repeat === 0 || levels.some(({ page }) => page.length > 0)) continue;
    const words = {
      message: `${id} repeats and pages nobody`,
      rule: 'what begins again is the pages of a policy',
      fix: 'add a role to page, or take out repeat:',
    };
    problems.push(source.problem(path, words, 'repeat'));
  }
}

/** Whether the policy is written as the plain list of its levels. */
function isList(raw: unknown, path: readonly string[]): boolean {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Record<string, unknown>)[key];
  }
  return Array.isArray(value);
}

function checkLevels(
  estate: Estate,
  above: Path,
  levels: EscalationLevel[],
  source: Source,
  problems: Problem[],
): void {
  for (const [index, level] of levels.entries()) {
    const path = [...above, index];
    checkNames('role', level.page, estate.roles, source, [...path, 'page'], problems);
    checkNames('audience', level.notify, estate.audiences, source, [...path, 'notify'], problems);
    const before = levels[index - 1];
    if (before !== undefined && level.after <= before.after) {
      const message = `level ${index + 1} comes at ${formatDuration(level.after)}, not after level ${index} at ${formatDuration(before.after)}`;
      const words = {
        message,
        rule: 'levels are in ascending order',
        fix: 'sort them, or join two levels of one time',
      };
      problems.push(source.problem([...path, 'after'], words));
    }
    if (level.page.length > 0 || level.notify.length > 0) continue;
    const words = {
      message: `level ${index + 1} does nothing`,
      rule: 'a level has page or notify',
      fix: 'add a role to page',
    };
    problems.push(source.problem(path, words));
  }
}
