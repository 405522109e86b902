import * as z from 'zod';
import { done, rejected } from '../../domain/effect/outcome.ts';
import type { Outcome } from '../../domain/effect/outcome.ts';
import type { RestClient } from './rest-client.ts';

const assignment = z.object({ assignee: z.object({ id: z.string() }) });
const incident = z.object({ id: z.string(), status: z.string(), assignments: z.array(assignment).nullish() });
const SHAPE = z.object({ incidents: z.array(incident) });

export interface FoundIncident {
  id: string;
  /** Ids of the users whom it asks. */
  assignees: string[];
}

/** The key's open incident, else of its newest; null where PagerDuty has none. */
export async function findIncident(rest: RestClient, incident_key: string): Promise<Outcome<FoundIncident | null>> {
  // Without date_range PagerDuty looks back one month only.
  const query = { incident_key, date_range: 'all', sort_by: 'created_at:desc', limit: 100 };
  const answer = await rest.read('find the incident', (client) => client.incidents.listIncidents(query));
  if (answer.kind !== 'done') return answer;
  const body = SHAPE.safeParse(answer.value);
  if (!body.success) return rejected('PagerDuty answered "find the incident" in a form that Lifeboat does not know');
  const { incidents } = body.data;
  const found = incidents.find(({ status }) => status !== 'resolved') ?? incidents[0];
  if (!found) return done(null);
  return done({ id: found.id, assignees: (found.assignments ?? []).map(({ assignee }) => assignee.id) });
}
