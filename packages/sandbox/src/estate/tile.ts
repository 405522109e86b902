import type { Estate } from '../../../../src/domain/estate/model.ts';
import type { Json } from '../../../../src/domain/json.ts';
import type { ServiceTile } from '../page/protocol.ts';

/** What the estate says of a service that runs on this machine. */
export interface Placed {
  tile: ServiceTile;
  host: string;
  /** The program that starts and stops it. */
  program: string;
  /** Commands that bring it back, usually and when its data is corrupt. */
  remedies: { usual: string; corrupt: string };
}

const RESTORE = 'restore-directory';

/** The services that have a port and a control program at their site, each after those that it needs. */
export function placedServices(estate: Estate): Placed[] {
  const order = new Set<string>();
  const visit = (id: string): void => {
    if (order.has(id)) return;
    for (const { service } of estate.services[id]?.depends_on ?? []) visit(service); // the estate has no cycles
    order.add(id);
  };
  for (const id of Object.keys(estate.services)) visit(id);
  return [...order].flatMap((id) => place(estate, id) ?? []);
}

function place(estate: Estate, id: string): Placed | undefined {
  const service = estate.services[id];
  const site = service?.site === undefined ? undefined : estate.sites[service.site];
  const [host, control, ports] = [site?.['host'], site?.['control'], site?.['ports']];
  const port = isObject(ports) ? ports[id] : undefined;
  if (!service?.site || typeof port !== 'number' || typeof host !== 'string' || typeof control !== 'string')
    return undefined;
  const usual = service.recover === undefined ? '' : `recover ${id}`;
  const tile: ServiceTile = {
    ...{ id, name: service.name ?? id, site: service.site, tier: service.tier, port },
    depends_on: service.depends_on.map((each) => each.service),
    ...{ health: 'unknown', reason: 'not looked at yet', pid: null, broken: null, remedy: usual },
  };
  return { tile, host, program: control, remedies: { usual, corrupt: restoreOf(estate, id, service.site) ?? usual } };
}

function restoreOf(estate: Estate, service: string, site: string): string | undefined {
  const runbook = estate.runbooks[RESTORE];
  if (!runbook) return undefined;
  const place = runbook.inputs['site']?.default === site ? '' : ` site=${site}`;
  return `run ${RESTORE} service=${service}${place}`;
}

const isObject = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
