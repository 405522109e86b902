import { warning, type Problem } from './problem.ts';
import type { Path, Source } from './source.ts';

interface Inert {
  /** What does not happen. */
  rule: string;
  fix: string;
}

const until = (instead: string): string => `${instead}, or take it out until it works`;

/** Keys that are read and checked, and that nothing acts on yet; `*` stands for any name or place in a list. */
export const INERT: Readonly<Record<'estate' | 'runbook', Readonly<Record<string, Inert>>>> = {
  estate: {
    'severities.*.respond_within': {
      rule: 'nobody is told when it has passed: levels of the escalation policy are what is paged',
      fix: until('page further levels by it'),
    },
    'severities.*.rpo': { rule: 'the rpo of the service or runbook is what is shown', fix: until('set those') },
    'audiences.*.email': { rule: 'no mail is sent', fix: until('tell these people yourself') },
    'audiences.*.status_page': {
      rule: 'the status page shows every service, whatever stands here',
      fix: until('publish /status'),
    },
    'audiences.*.consent': {
      rule: 'nobody is asked for it, and the audience is told nothing',
      fix: until('tell these people yourself'),
    },
    'services.*.method': { rule: 'the runbook under recover is what is done', fix: until('name a runbook') },
    'services.*.recovery_order': {
      rule: 'services come back in the order of depends_on',
      fix: until('use depends_on'),
    },
    'services.*.recovery_time': {
      rule: 'times are predicted from expected_duration of the steps',
      fix: until('set those'),
    },
    'services.*.auto_recover': { rule: 'a recovery begins when a person asks for it', fix: until('use `/dr recover`') },
    'services.*.on_failure': { rule: 'an incident begins when a person declares it', fix: until('use `/dr declare`') },
    'services.*.checks.*.every': {
      rule: 'checks run before and after a recovery, not by themselves',
      fix: until('let your monitoring look'),
    },
    'services.*.checks.*.failure_limit': {
      rule: 'checks run before and after a recovery, not by themselves',
      fix: until('let your monitoring look'),
    },
    alerts: { rule: 'no alerts are taken in', fix: until('declare by hand') },
    drills: { rule: 'no drill is planned or begun', fix: until('declare one with mode:drill') },
    backups: { rule: 'no backup is made or looked at', fix: until('back up by other means') },
  },
  runbook: { 'inputs.*.description': { rule: 'it is shown nowhere', fix: until('say it in the description above') } },
};

/** Adds one warning for each kind of key that says something and that nothing acts on yet, at its first place. */
export function warnOfInert(kind: keyof typeof INERT, sources: readonly Source[], problems: Problem[]): void {
  for (const [pattern, { rule, fix }] of Object.entries(INERT[kind])) {
    const all = sources.flatMap((source) => places(source.raw, pattern.split('.')).map((path) => ({ source, path })));
    const [first, ...others] = all;
    if (first === undefined) continue;
    const more = others.length === 0 ? '' : ` (and ${others.length} more like it)`;
    const { source, path } = first;
    const message = `${path.map(String).join('.')}: nothing acts on this yet${more}`;
    problems.push(warning(source.problem(path.slice(0, -1), { message, rule, fix }, String(path.at(-1)))));
  }
}

/** Where the pattern leads to something that says more than "no". */
function places(value: unknown, [key, ...rest]: readonly string[], path: Path = []): Path[] {
  if (key === undefined) return saysNothing(value) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries
    .filter(([name]) => key === '*' || name === key)
    .flatMap(([name, item]) => places(item, rest, [...path, name]));
}

const saysNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0);
