import type { AttemptId } from '../ports/action.ts';

/*
 * Everything that a step starts carries a mark: which worker started it, for which effect, under which fence. It is
 * inherited by every descendant as an environment variable, and stands in the name of the program's control group.
 */

/** The environment variable that every descendant inherits. */
export const MARK_VARIABLE = 'LIFEBOAT_PROCESS_MARK';

export interface ProcessMark {
  /** The worker's name; empty when nobody will ask. */
  owner: string;
  /** Absent for a program that no effect asked for. */
  attempt?: AttemptId;
  /** Unique for each program. */
  id: string;
}

/** `owner#effect.fence#id` */
export function formatMark({ owner, attempt, id }: ProcessMark): string {
  return `${owner}#${attempt === undefined ? '' : `${attempt.effect}.${attempt.fence}`}#${id}`;
}

/** The mark in this text, or null when it is none. */
export function parseMark(text: string): ProcessMark | null {
  const [, owner, effect, fence, id] = /^([^#]*)#(?:(\d+)\.(\d+))?#([^#]+)$/.exec(text) ?? [];
  if (owner === undefined || id === undefined) return null;
  return { owner, id, ...(effect !== undefined && { attempt: { effect, fence: Number(fence) } }) };
}

export const GROUP_PREFIX = 'lifeboat=';

/** The mark as the name of a control group, which may hold no slash. */
export const groupName = (mark: ProcessMark): string => GROUP_PREFIX + formatMark(mark).replaceAll('/', '|');

/** The mark in the text of /proc/<pid>/cgroup, or null when the process is in no group of ours. */
export function markOfGroup(text: string): ProcessMark | null {
  const name = text.split(/[/\n]/).find((each) => each.startsWith(GROUP_PREFIX));
  return name === undefined ? null : parseMark(name.slice(GROUP_PREFIX.length).replaceAll('|', '/'));
}
