import type pg from 'pg';
import { isActive, policyOf } from '../src/domain/escalation/escalation.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { done } from '../src/domain/effect/outcome.ts';
import type { ReadSchedules } from '../src/domain/estate/holders.ts';
import type { Job } from '../src/ports/job.ts';
import { readHolders } from '../src/store/incident/holders.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { fireEscalation } from '../src/verbs/page/fire-escalation.ts';

interface Deps {
  pool: pg.Pool;
  verbs: VerbDeps;
  estate: () => Estate;
  schedules: ReadSchedules;
}

/** A level of the ladder is due: finds out who holds its roles now and fires it. */
export function escalationFire({ pool, verbs, estate, schedules }: Deps): Job<'escalation.fire'> {
  return {
    kind: 'escalation.fire',
    async run({ payload: input }) {
      const incident = await findIncident(pool, input.incident);
      if (!incident || !isActive(incident, input.ladder)) return done(null);
      const roles = policyOf(estate(), incident)[input.level]?.page ?? [];
      const holders = await readHolders(pool, estate(), schedules, incident.id, roles);
      await fireEscalation(verbs, { ...input, holders });
      return done(null);
    },
  };
}
