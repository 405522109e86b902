import { fold } from '../text/fold.ts';
import { SEVERITIES, type Severity, type SeverityId } from './model.ts';

type Severities = Record<SeverityId, Pick<Severity, 'name' | 'aliases'>>;

/** `P0`, `p-0`, `SEV0`, `sev-1`, `Severity 1`. */
const NUMBERED = /^(?:p|prio|priority|sev|severity) ?(\d{1,3})$/;
const BY_SEV = /^sev(?:erity)? ?\d+$/;
/** Without a mark behind it `P99` is a percentile, and no severity that does not exist. */
const ALIKE = /^(?:p ?\d|(?:sev|severity|prio|priority) ?\d{1,3})$/;

/** The severity that a word names: an alias of the estate, its own name, its id, or `sev` and its number. */
export function readSeverity(word: string, severities: Severities): SeverityId | null {
  const typed = key(word);
  const named = SEVERITIES.find((id) => aliasesOf(severities, id).includes(typed));
  if (named) return named;
  const own = SEVERITIES.find((id) => key(severities[id].name) === typed);
  if (own) return own;
  // An estate that counts SEV from 1 means another severity by `sev2` than the number says.
  if (BY_SEV.test(typed) && countsOtherwise(severities)) return null;
  return numbered(typed);
}

/** Whether a word looks like a severity that does not exist: `P7`, `sev9`. */
const looksLikeSeverity = (word: string): boolean => ALIKE.test(key(word));

/** `sev-0`, `SEV0` and `[Sev 0]:` are one word. */
export const key = (word: string): string => fold(word).replace(/^([a-z]+) (\d)/, '$1$2');

const aliasesOf = (severities: Severities, id: SeverityId): string[] => (severities[id].aliases ?? []).map(key);

const numbered = (typed: string): SeverityId | null => {
  const number = NUMBERED.exec(typed)?.[1];
  return SEVERITIES.find((id) => number !== undefined && id === `P${Number(number)}`) ?? null;
};

const countsOtherwise = (severities: Severities): boolean =>
  SEVERITIES.some((id) => aliasesOf(severities, id).some((alias) => BY_SEV.test(alias) && numbered(alias) !== id));

export type Leading =
  | { kind: 'severity'; severity: SeverityId; rest: string }
  /** It looks like one, and is none. */
  | { kind: 'unknown'; word: string }
  /** The sentence may begin with a word that is also the name of a severity which is milder than `usual`. */
  | { kind: 'none'; perhaps: SeverityId | null };

/** A severity at the beginning, with whatever people put around it: `P0:`, `*P0*`, `[P0]`, `sev 1 -`, `critical,`. */
const HEAD =
  /^([[({*_~`"'“”]*)((?:sev(?:erity)?|prio(?:rity)?|p)[\s\p{Pd}]?\d{1,3}(?![\p{L}\p{N}])|[\p{L}\p{N}][\p{L}\p{N}\p{Pd}_]*)([\])}*_~`"'“”]*\s*(?:[:,;.!|]|\p{Pd}{1,2}(?=\s))?[*_~`]*)(?=\s|$|(?<=[:,;\])}*_~`]))/iu;

interface Head {
  word: string;
  rest: string;
  /** Something around the word sets it apart from the sentence. */
  marked: boolean;
}

/** The word in which a severity would stand, and what comes after it. */
export function headOf(text: string): Head | null {
  const trimmed = text.trim();
  const [whole, before = '', word = '', after = ''] = HEAD.exec(trimmed) ?? [];
  if (whole === undefined) return null;
  const rest = closed(before, after, trimmed.slice(whole.length).trim());
  return { word, rest, marked: before !== '' || after.trim() !== '' };
}

/** Reads the severity that a declaration begins with; `usual` is what it is without one. */
export function leadingSeverity(text: string, severities: Severities, usual: SeverityId): Leading {
  const head = headOf(text);
  if (!head) return { kind: 'none', perhaps: null };
  const { word, rest, marked } = head;
  const severity = readSeverity(word, severities);
  if (severity === null) {
    const alike = looksLikeSeverity(word) || (marked && NUMBERED.test(key(word)));
    return alike ? { kind: 'unknown', word } : { kind: 'none', perhaps: null };
  }
  if (marked || /\d/.test(word) || rest === '') return { kind: 'severity', severity, rest };
  return ofSentence({ word, severity, rest, whole: text.trim() }, usual);
}

/**
 * A bare word such as "critical" or "low" may begin the sentence itself. "low disk space" makes nothing milder, and a word
 * that the sentence needs stays in it.
 */
function ofSentence(
  { word, severity, rest, whole }: { word: string; severity: SeverityId; rest: string; whole: string },
  usual: SeverityId,
): Leading {
  const begins = /^\p{Lu}\p{Ll}/u; // a sentence, or a name
  const label = begins.test(rest);
  if (severity <= usual) return { kind: 'severity', severity, rest: label ? rest : whole };
  if (label && !begins.test(word)) return { kind: 'severity', severity, rest };
  return { kind: 'none', perhaps: severity };
}

/** `*P0: all is bold*` leaves the mark that it opened at the end. */
function closed(before: string, after: string, rest: string): string {
  const mark = /[*_~`"]/.exec(before)?.[0];
  if (mark === undefined || after.includes(mark) || !rest.endsWith(mark)) return rest;
  return rest.slice(0, -1);
}
