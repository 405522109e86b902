import type pg from 'pg';
import { resolveHolders, type ReadSchedules, type RoleHolders } from '../../domain/estate/holders.ts';
import type { Estate } from '../../domain/estate/model.ts';
import { roleHolders, type RoleHolder } from './incidents.ts';

/**
 * Who holds roles of an incident now. It takes the pool and no transaction: a schedule may be silent for a while, and a
 * transaction that waits for it would hold its locks.
 */
export async function readHolders(
  pool: pg.Pool,
  estate: Estate,
  schedules: ReadSchedules,
  incident: number,
  roles: readonly string[],
): Promise<RoleHolders> {
  return holdersAmong(estate, schedules, roles.length === 0 ? [] : await roleHolders(pool, incident), roles);
}

/** Who holds roles, where it is known already who was assigned; the schedule is asked for the others. */
export async function holdersAmong(
  estate: Estate,
  schedules: ReadSchedules,
  assigned: readonly RoleHolder[],
  roles: readonly string[],
): Promise<RoleHolders> {
  const open = roles.filter((role) => !assigned.some((each) => each.role === role));
  return resolveHolders(estate, roles, assigned, open.length === 0 ? {} : await schedules(estate, open));
}
