import type { ReadSchedules, ScheduleAnswer } from './domain/estate/holders.ts';
import type { Estate } from './domain/estate/model.ts';
import { pagerActor, scheduledPerson } from './domain/estate/people.ts';
import type { PagerPort } from './ports/pager.ts';

/** Nothing waits longer for a schedule, in ms: the pager wakes whoever is on call by itself, and Slack shows an error after 3 s. */
const LOOKUP_MS = 1500;
/** A schedule that could not be read is not asked again so soon, in ms: else every message would wait for it anew. */
const SILENT_MS = 5000;

/** Makes the reader of schedules; `now` is a clock in ms that only grows. */
export function createSchedules(
  pager: Pick<PagerPort, 'onCall'>,
  now: () => number = () => performance.now(),
): ReadSchedules {
  const failed = new Map<string, { at: number; answer: ScheduleAnswer }>();
  const read = async (estate: Estate, schedule: string): Promise<ScheduleAnswer> => {
    const before = failed.get(schedule);
    if (before && now() - before.at < SILENT_MS) return before.answer;
    const answer = await ask(pager, estate, schedule);
    if (answer.kind === 'unread') failed.set(schedule, { at: now(), answer });
    else failed.delete(schedule);
    return answer;
  };
  return async (estate, roles) => {
    const asked = [...new Set(roles)].flatMap((role) => {
      const schedule = Object.hasOwn(estate.roles, role) ? estate.roles[role]?.pagerduty_schedule : undefined;
      return schedule === undefined ? [] : [read(estate, schedule).then((answer) => [role, answer] as const)];
    });
    return Object.fromEntries(await Promise.all(asked));
  };
}

async function ask(pager: Pick<PagerPort, 'onCall'>, estate: Estate, schedule: string): Promise<ScheduleAnswer> {
  const outcome = await Promise.race([pager.onCall(schedule).catch(() => null), silence()]);
  if (outcome === null) return { kind: 'unread', reason: 'the pager gave no answer in time' };
  if (outcome.kind !== 'done') return { kind: 'unread', reason: outcome.reason };
  const people = outcome.value.map((each) => scheduledPerson(estate, each) ?? pagerActor(each.pagerduty, each.name));
  const ends = outcome.value.flatMap(({ until }) => (until === undefined ? [] : [until]));
  const until = ends.reduce<Date | null>((first, end) => (first === null || end < first ? end : first), null);
  return { kind: 'named', people: [...new Set(people)], ...(until !== null && { until }) };
}

const silence = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), LOOKUP_MS).unref());
