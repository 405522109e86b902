import type { Estate } from '../src/domain/estate/model.ts';
import { redWords, type ServiceLook } from '../src/domain/health/look.ts';
import { redactText } from '../src/runtime/redact.ts';
import { serviceName } from './incident-words.ts';
import { userLine } from './words.ts';

const red = (looks: readonly ServiceLook[]): ServiceLook[] => looks.filter(({ health }) => health === 'unhealthy');

/** Each service with red checks and why, one a line. */
export const redLines = (looks: readonly ServiceLook[], estate: Estate): string[] =>
  red(looks).map((look) => `• ${serviceName(estate, look.service)}: ${userLine(redactText(redWords(look)), 400)}`);

/** The same as plain text, for a form. */
export const redPlainLines = (looks: readonly ServiceLook[], estate: Estate): string[] =>
  red(looks).map(
    (look) => `${estate.services[look.service]?.name ?? look.service}: ${redactText(redWords(look)).slice(0, 400)}`,
  );

/** Why services were not checked. */
export function uncheckedWords(looks: readonly ServiceLook[], estate: Estate): string {
  const unchecked = looks.filter(({ health }) => health === 'unchecked');
  if (unchecked.length === 0) return 'no service was named';
  return unchecked
    .map((look) => `${serviceName(estate, look.service)}, since ${look.unchecked ?? 'nobody looked'}`)
    .join('; ');
}
