import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf } from '../src/domain/incident/subject.ts';
import type { Call } from './command.ts';

/**
 * Where a file about an incident goes: into its channel; where it has none that takes files, to the place where it was
 * asked for, and in a direct message to the person who asked.
 */
export function filePlace(incident: Pick<Incident, 'id' | 'channel' | 'state'>, call: Call): string | null {
  const own = kindOf(incident.id) === 'incident' && incident.state !== 'closed' ? incident.channel : null;
  if (own !== null) return own;
  const [kind, user] = call.request.actor.split(':');
  return call.channel ?? (kind === 'slack' && user !== undefined ? user : null);
}
