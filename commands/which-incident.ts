import type { Incident, IncidentState } from '../src/domain/incident/incident.ts';
import { ESTATE_SUBJECT, kindOf, label } from '../src/domain/incident/subject.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { findIncident, incidentsNear, listIncidents } from '../src/store/incident/incidents.ts';
import type { Call, CommandDeps } from './command.ts';
import { roomOf } from './words.ts';

/**
 * The incident that a command means: the one that was named, else that of the channel, else the only one in a fitting
 * state. Otherwise it is asked for, with the names. A drill is meant only where it is named.
 */
export async function whichIncident(
  { named, mentioned = false, channel }: Pick<Call, 'named' | 'mentioned' | 'channel'>,
  { pool }: CommandDeps,
  states: IncidentState[] = ['open'],
): Promise<Incident> {
  if (named !== null) {
    const found = named === ESTATE_SUBJECT ? null : await findIncident(pool, named);
    if (found && mentioned) await refuseDoubt(pool, found, channel);
    if (found) return found;
    throw new LifeboatError('not_found', `there is no ${kindOf(named)} ${label(named)}`, 'see `/dr list`');
  }
  const { here, live } = await incidentsNear(pool, channel, states);
  if (here) return here;
  const fitting = live.length === 0 && states.includes('closed') ? await listIncidents(pool, ['closed']) : live;
  const [only, ...more] = fitting;
  if (!only) {
    const what = states.includes('open') ? 'no incident is open' : `no incident is ${states.join(' or ')}`;
    throw new LifeboatError('not_found', what, 'declare one with `/dr declare P1 what is broken`');
  }
  if (more.length === 0) return only;
  const names = fitting.slice(0, 10).map((each) => `${label(each.id)} (${each.severity} ${each.title})`);
  throw new LifeboatError(
    'ambiguous',
    `${fitting.length} incidents fit: ${names.join('; ')}`,
    `add the name, for example \`${label(only.id)}\`, or use the incident's channel`,
  );
}

/** In another incident's channel nobody can tell `/dr resolve Same cause as INC-3` from the end of INC-3. */
async function refuseDoubt(pool: CommandDeps['pool'], named: Incident, channel: string | null): Promise<void> {
  const { here } = await incidentsNear(pool, channel, []);
  if (!here || here.id === named.id) return;
  throw new LifeboatError(
    'ambiguous',
    `your words name ${label(named.id)}, but this is the channel of ${label(here.id)}`,
    `for ${label(here.id)} put its name first: \`${label(here.id)} your words\`; for ${label(named.id)} type it in ${roomOf(named)}`,
  );
}
