import type { Estate } from '../estate/model.ts';
import type { Incident } from '../incident/incident.ts';
import { slackTargets } from './targets.ts';

/** Audiences that know of the incident: those that were told, and those of its severity, which the declaration tells. */
export const toldOf = (estate: Estate, { told, severity }: Pick<Incident, 'told' | 'severity'>): string[] => [
  ...new Set([...told, ...estate.severities[severity].audiences]),
];

/** Where updates and the end are read: the channel, and every audience that was ever told. */
export const readersOf = (estate: Estate, incident: Pick<Incident, 'told' | 'severity'>): string[] => [
  ...new Set(['incident', ...slackTargets(estate, toldOf(estate, incident))]),
];

/** Of these audiences those of which nobody was told before, by where they read. */
export function newcomersOf(estate: Estate, told: readonly string[], audiences: readonly string[]): string[] {
  const known = slackTargets(estate, told);
  return audiences.filter((each) => slackTargets(estate, [each]).some((to) => !known.includes(to)));
}
