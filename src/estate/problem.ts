import { nearestName } from '../domain/nearest.ts';
import { listNames, quote, type Words } from '../domain/schema/words.ts';

/** Something in a file that people should know; lines and columns count from 1. */
export interface Problem extends Words {
  file: string;
  line: number;
  column: number;
  /** A warning lets the file be used; without it this is an error, which must be put right before. */
  level?: 'error' | 'warning';
}

export const warning = (problem: Problem): Problem => ({ ...problem, level: 'warning' });
export const isWarning = ({ level }: Problem): boolean => level === 'warning';
export const hasErrors = (problems: readonly Problem[]): boolean => !problems.every(isWarning);

/** `file:line:column: error: what. The rule. The fix.` */
export function formatProblem({ file, line, column, level = 'error', message, rule, fix }: Problem): string {
  const words = [ended(message), sentence(rule), sentence(fix)].filter(Boolean).join(' ');
  return `${file}:${line}:${column}: ${level}: ${words}`;
}

/** An unknown name, with the nearest known one as the fix. */
export function unknownName(noun: string, name: string, known: readonly string[], where = 'in the estate'): Words {
  const near = nearestName(name, known);
  return {
    message: `unknown ${noun} ${quote(name)}`,
    rule: known.length === 0 ? `there is no ${noun} ${where}` : `known: ${listNames(known)}`,
    fix: near === undefined ? `add ${quote(name)} or use one that exists` : `did you mean ${quote(near)}?`,
  };
}

function sentence(phrase: string): string {
  return ended(/^[a-z]+[ :,]/.test(phrase) ? phrase.charAt(0).toUpperCase() + phrase.slice(1) : phrase);
}

function ended(phrase: string): string {
  return phrase === '' || /[.?!]$/.test(phrase) ? phrase : `${phrase}.`;
}
