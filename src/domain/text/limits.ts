import { LifeboatError } from '../../runtime/errors.ts';

/** What people say to others: posted in parts where it is longer than a message. */
export const TEXT_LIMIT = 12_000;
/** Why somebody does something: one line beside what was done. */
export const REASON_LIMIT = 500;

/** Refuses what would have to be cut somewhere, before anything happens. `what`: 'the update'. */
export function needShort(text: string | null, what: string, limit: number, fix: string): void {
  if (text === null || text.length <= limit) return;
  const counted = (count: number): string => count.toLocaleString('en');
  throw new LifeboatError(
    'invalid',
    `${what} has ${counted(text.length)} characters`,
    `at most ${counted(limit)}: ${fix}`,
  );
}

export const needReason = (text: string | null, what = 'the reason'): void =>
  needShort(text, what, REASON_LIMIT, 'say it shorter here, and the rest with `/dr note`');
