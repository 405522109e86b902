import * as z from 'zod';
import { done, rejected, retry } from '../../domain/effect/outcome.ts';
import type { Outcome } from '../../domain/effect/outcome.ts';
import type { PagerPort } from '../../ports/pager.ts';
import { findIncident } from './incidents.ts';
import type { RestClient } from './rest-client.ts';

/** An event is processed after its 202: its incident may take a moment. */
const NOT_YET_MS = 2000;

const SHAPE = z.object({
  incident: z.object({ assignments: z.array(z.object({ assignee: z.object({ id: z.string() }) })) }),
});

/** Makes the port's `assign`: it sets the assignee absolutely, so that a repeat is harmless. */
export function createAssign(rest: RestClient | undefined, from: string | undefined): PagerPort['assign'] {
  return async (dedup_key, user) => {
    if (!rest || from === undefined || from === '') {
      return rejected('the page cannot be assigned by name: set PAGERDUTY_API_TOKEN and PAGERDUTY_FROM');
    }
    const incident = await findIncident(rest, dedup_key);
    if (incident.kind !== 'done') return incident;
    if (incident.value === null) return retry('PagerDuty has no incident for the page yet', NOT_YET_MS);
    const { id, assignees } = incident.value;
    if (assignees.join() === user) return done(undefined); // PagerDuty would ring them once more
    const assignments = [{ assignee: { id: user, type: 'user_reference' } as const }];
    const answer = await rest.write('assign the incident', (client) =>
      client.incidents.updateIncident(encodeURIComponent(id), from, {
        incident: { type: 'incident_reference', assignments },
      }),
    );
    return answer.kind === 'done' ? confirmed(answer.value, user) : answer;
  };
}

/** Only PagerDuty's own list of assignees says that it took the name. */
function confirmed(value: unknown, user: string): Outcome {
  const body = SHAPE.safeParse(value);
  const assigned = body.success && body.data.incident.assignments.some(({ assignee }) => assignee.id === user);
  return assigned ? done(undefined) : rejected('PagerDuty did not assign the incident to the person who was named');
}
