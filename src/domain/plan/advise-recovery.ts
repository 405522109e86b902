import type { Estate, Runbook } from '../estate/model.ts';
import { redWords, type ServiceLook } from '../health/look.ts';

/** Why a recovery does not start by itself; `type` because it travels as JSON. */
export type Advice =
  /** The service is healthy, as these checks say. */
  | { kind: 'healthy'; seen: string; restore: null; runbook: null }
  /** Data is damaged, which no restart mends; `restore` is the command, and `runbook` can start without a word more. */
  | { kind: 'data'; seen: string; on: string; restore: string | null; runbook: string | null };

/** What people have to decide before a service is recovered; null where the recovery may simply start. */
export function adviseRecovery(estate: Estate, target: string, looks: readonly ServiceLook[]): Advice | null {
  const damaged = looks.find((look) => redData(estate, look).length > 0);
  if (damaged) {
    const seen = redWords({ checks: redData(estate, damaged) });
    return { kind: 'data', seen, on: damaged.service, ...restoreOf(estate, damaged.service) };
  }
  const own = looks.find(({ service }) => service === target);
  if (own?.health !== 'healthy') return null;
  return { kind: 'healthy', seen: own.checks.map(({ id }) => id).join(', '), restore: null, runbook: null };
}

/** The red ones among the checks that look at data. */
function redData(estate: Estate, { service, checks }: ServiceLook): ServiceLook['checks'] {
  const known = Object.hasOwn(estate.services, service) ? (estate.services[service]?.checks ?? []) : [];
  const data = known.filter((check) => check.of === 'data').map(({ id }) => id);
  return checks.filter(({ id, state }) => state === 'red' && data.includes(id));
}

/** The runbook that restores the service's data, the estate's where it has none of its own. */
function restoreOf(estate: Estate, service: string): { restore: string | null; runbook: string | null } {
  const name = estate.services[service]?.restore ?? estate.restore;
  const runbook = name !== undefined && Object.hasOwn(estate.runbooks, name) ? estate.runbooks[name] : undefined;
  if (name === undefined || runbook === undefined) return { restore: null, runbook: null };
  const given = givenInputs(runbook, service);
  const open = Object.entries(runbook.inputs).filter(([id, input]) => !(id in given) && input.default === undefined);
  const words = [...Object.entries(given), ...open.map(([id]) => [id, '…'])].map(
    ([id, value]) => `${id}=${String(value)}`,
  );
  return { restore: ['/dr run', name, ...words].join(' '), runbook: open.length === 0 ? name : null };
}

/** What an offer fills in by itself: which service it is about. */
export const givenInputs = ({ inputs }: Pick<Runbook, 'inputs'>, service: string): Record<string, string> =>
  inputs['service']?.type === 'service' ? { service } : {};
