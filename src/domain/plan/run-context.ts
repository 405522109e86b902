import { label, type Incident } from '../incident/incident.ts';
import type { Json, JsonObject } from '../json.ts';

/** What expressions read of an incident. */
export function incidentContext(incident: Incident): JsonObject {
  const { id, title, severity, service, declared_at } = incident;
  return { id: label(id), title, severity, service, declared_at: declared_at.toISOString() };
}

/** What expressions read of steps that are over. */
export const stepsContext = (outputs: Record<string, Json>): JsonObject =>
  Object.fromEntries(Object.entries(outputs).map(([step, output]) => [step, { output }]));
