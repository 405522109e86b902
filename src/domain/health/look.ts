import { formatDuration } from '../duration.ts';

/* Types, not interfaces, where a look is kept as JSON. */

/** What one check of a service said, when people wanted to know. */
export type CheckSeen = {
  id: string;
  state: 'green' | 'red';
  /** Why it is red; null when it is green. */
  reason: string | null;
};

/** What the checks of a service said; a service without checks, or before anybody looked, is unchecked. */
export type Health = 'healthy' | 'unhealthy' | 'unchecked';

/** A look at one service: every check with its reason, or why nobody could look. */
export type ServiceLook = {
  service: string;
  health: Health;
  checks: CheckSeen[];
  /** Why it is unchecked, else null. */
  unchecked: string | null;
};

/** How long people wait for a look, in ms: what does not answer by then is said not to have. */
export const LOOK_MS = 5000;

export const NO_CHECK = 'the estate gives it no check';

/** The look at a service from what its checks said. */
export function lookOf(service: string, checks: CheckSeen[]): ServiceLook {
  if (checks.length === 0) return notChecked(service, NO_CHECK);
  const health = checks.every(({ state }) => state === 'green') ? 'healthy' : 'unhealthy';
  return { service, health, checks, unchecked: null };
}

export const notChecked = (service: string, why: string): ServiceLook => ({
  ...{ service, health: 'unchecked', checks: [], unchecked: why },
});

/** Why nobody looked at services of a site: nothing took the look, or what took it has not ended. */
export function unansweredWords(site: string | null, taken: boolean, after_ms: number): string {
  const span = formatDuration(Math.max(1000, Math.round(after_ms / 1000) * 1000));
  if (taken) return `its checks gave no answer within ${span}`;
  return site === null
    ? `no worker took its checks within ${span}`
    : `no worker of the site ${site} took its checks within ${span}`;
}

/** What a look allows to say. `red` needs a person's reason; `unchecked` claims nothing. */
export type Verdict = 'verified' | 'red' | 'unchecked';

/**
 * The verdict on services: one red check of any of them is red. Verified takes a green check of each of `needed`, which
 * are the services that somebody worked on.
 */
export function verdictOf(looks: readonly ServiceLook[], needed: readonly string[]): Verdict {
  if (looks.some(({ health }) => health === 'unhealthy')) return 'red';
  const green = (name: string): boolean =>
    looks.some(({ service, health }) => service === name && health === 'healthy');
  return needed.length > 0 && needed.every(green) ? 'verified' : 'unchecked';
}

/** The red checks of a service in one line: 'up: connection refused; disk: timed out after 5s'. */
export const redWords = ({ checks }: Pick<ServiceLook, 'checks'>): string =>
  checks
    .filter(({ state }) => state === 'red')
    .map(({ id, reason }) => `${id}: ${reason ?? 'no reason was given'}`)
    .join('; ');

/** What was seen of a service: 'healthy', 'unhealthy (up: connection refused)', 'unchecked (the estate gives it no check)'. */
export function lookWords(look: ServiceLook): string {
  const why = look.health === 'unhealthy' ? redWords(look) : look.unchecked;
  return why === null ? look.health : `${look.health} (${why})`;
}
