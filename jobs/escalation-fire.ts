import type pg from 'pg';
import { isActive, policyOf } from '../src/domain/escalation/escalation.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { done } from '../src/domain/effect/outcome.ts';
import { personOf, scheduledPerson } from '../src/domain/estate/people.ts';
import type { Job } from '../src/ports/job.ts';
import type { PagerPort } from '../src/ports/pager.ts';
import { findIncident, roleHolders } from '../src/store/incident/incidents.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { fireEscalation } from '../src/verbs/page/fire-escalation.ts';

/** Whom the pager wakes it knows itself: no page waits longer for the names, in ms. */
const LOOKUP_MS = 1500;

interface Deps {
  pool: pg.Pool;
  verbs: VerbDeps;
  estate: () => Estate;
  pager: Pick<PagerPort, 'onCall'>;
}

/** A level of the ladder is due: finds out who holds its roles now and fires it. */
export function escalationFire({ pool, verbs, estate, pager }: Deps): Job<'escalation.fire'> {
  return {
    kind: 'escalation.fire',
    async run({ payload: input }) {
      const incident = await findIncident(pool, input.incident);
      if (!incident || !isActive(incident, input.ladder)) return done(null);
      const roles = policyOf(estate(), incident)[input.level]?.page ?? [];
      const holders = new Map((await roleHolders(pool, incident.id)).map((each) => [each.role, each.person]));
      const people = await Promise.all(
        roles.map(async (role) => [role, await peopleOf(estate(), pager, role, holders.get(role))] as const),
      );
      await fireEscalation(verbs, { ...input, people: Object.fromEntries(people) });
      return done(null);
    },
  };
}

/** Whoever took the role in this incident, else who is on call by the schedule, else the people of the estate. */
async function peopleOf(
  estate: Estate,
  pager: Pick<PagerPort, 'onCall'>,
  role: string,
  holder: string | undefined,
): Promise<string[]> {
  const assigned = holder === undefined ? null : personOf(estate, holder);
  if (assigned !== null) return [assigned];
  const schedule = estate.roles[role]?.pagerduty_schedule;
  const fallback = estate.roles[role]?.people ?? [];
  if (schedule === undefined) return fallback;
  const onCall = await Promise.race([pager.onCall(schedule), silence(LOOKUP_MS)]);
  if (onCall?.kind !== 'done') return fallback;
  const known = onCall.value.map((each) => scheduledPerson(estate, each)).filter((each) => each !== null);
  return known.length > 0 ? known : fallback;
}

const silence = (ms: number): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
