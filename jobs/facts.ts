import type pg from 'pg';
import type { ReadSchedules } from '../src/domain/estate/holders.ts';
import type { IncidentFacts } from '../src/domain/incident/facts.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { incidentFacts } from '../src/store/incident/incident-facts.ts';

/** What jobs read before they say something. */
export interface FactsDeps {
  pool: pg.Pool;
  estate: () => Estate;
  schedules: ReadSchedules;
}

export const readFacts = ({ pool, estate, schedules }: FactsDeps, incident: Incident): Promise<IncidentFacts> =>
  incidentFacts(pool, estate(), schedules, incident);
