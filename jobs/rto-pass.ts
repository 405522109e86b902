import type pg from 'pg';
import { rtoRoles } from '../src/domain/escalation/rto.ts';
import { done } from '../src/domain/effect/outcome.ts';
import type { ReadSchedules } from '../src/domain/estate/holders.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Job } from '../src/ports/job.ts';
import { readHolders } from '../src/store/incident/holders.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { passRto } from '../src/verbs/incident/pass-rto.ts';

interface Deps {
  pool: pg.Pool;
  verbs: VerbDeps;
  estate: () => Estate;
  schedules: ReadSchedules;
}

/** The recovery time objective runs out: finds out who leads now and pages them. */
export function rtoPass({ pool, verbs, estate, schedules }: Deps): Job<'rto.pass'> {
  return {
    kind: 'rto.pass',
    async run({ payload: { incident: id } }) {
      const incident = await findIncident(pool, id);
      if (incident?.state !== 'open') return done(null);
      const holders = await readHolders(pool, estate(), schedules, id, rtoRoles(estate(), incident));
      await passRto(verbs, { incident: id, holders });
      return done(null);
    },
  };
}
