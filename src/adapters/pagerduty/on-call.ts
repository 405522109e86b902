import * as z from 'zod';
import { done, rejected } from '../../domain/effect/outcome.ts';
import type { Outcome } from '../../domain/effect/outcome.ts';
import type { OnCallPerson, PagerPort } from '../../ports/pager.ts';
import type { RestClient } from './rest-client.ts';

/** PagerDuty limits GET /oncalls more tightly than the rest, and shifts change rarely. */
const CACHE_MS = 30_000;

const answerShape = z.object({
  oncalls: z.array(
    z.object({
      escalation_level: z.number(),
      end: z.string().nullish(),
      user: z.object({
        id: z.string(),
        name: z.string().optional(),
        summary: z.string().nullish(),
        email: z.string().optional(),
      }),
    }),
  ),
});

/** Makes the port's `onCall`: good answers are kept for 30 s by `now`, equal questions at one time are asked once. */
export function createOnCall(rest: RestClient | undefined, now: () => number): PagerPort['onCall'] {
  const known = new Map<string, { at: number; people: OnCallPerson[] }>();
  const asked = new Map<string, Promise<Outcome<OnCallPerson[]>>>();
  const askOnce = (client: RestClient, schedule: string): Promise<Outcome<OnCallPerson[]>> => {
    const running = asked.get(schedule);
    if (running) return running;
    const question = ask(client, schedule).finally(() => asked.delete(schedule));
    asked.set(schedule, question);
    return question;
  };
  return async (schedule) => {
    if (!rest) return rejected('who is on call is not known: set PAGERDUTY_API_TOKEN');
    const kept = known.get(schedule);
    if (kept && now() - kept.at < CACHE_MS) return done(structuredClone(kept.people));
    const outcome = await askOnce(rest, schedule);
    if (outcome.kind === 'done') known.set(schedule, { at: now(), people: outcome.value });
    return structuredClone(outcome);
  };
}

async function ask(rest: RestClient, schedule: string): Promise<Outcome<OnCallPerson[]>> {
  const query = { schedule_ids: [schedule], include: ['users'], earliest: true, limit: 100 };
  const answer = await rest.read('list on-calls', (client) => client.onCalls.listAllOnCalls(query));
  if (answer.kind !== 'done') return answer;
  const body = answerShape.safeParse(answer.value);
  if (!body.success) return rejected('PagerDuty answered "list on-calls" in a form that Lifeboat does not know');
  const people = new Map<string, OnCallPerson>();
  for (const { user, end } of body.data.oncalls.toSorted((a, b) => a.escalation_level - b.escalation_level)) {
    const name = user.name ?? user.summary ?? user.id;
    const person = {
      ...{ pagerduty: user.id, name },
      ...(user.email !== undefined && { email: user.email }),
      ...untilOf(end),
    };
    if (!people.has(user.id)) people.set(user.id, person);
  }
  return done([...people.values()]);
}

function untilOf(end: string | null | undefined): { until?: Date } {
  const at = new Date(end ?? '');
  return Number.isNaN(at.getTime()) ? {} : { until: at };
}
