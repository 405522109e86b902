import type pg from 'pg';
import type { Decision } from '../domain/effect/decision.ts';
import type { ClaimedRow, Continuation } from '../domain/effect/effect.ts';
import type { OwnKey } from '../domain/escalation/reach.ts';
import type { Estate } from '../domain/estate/model.ts';
import type { Incident } from '../domain/incident/incident.ts';
import { ESTATE_SUBJECT, kindOf, label } from '../domain/incident/subject.ts';
import { LifeboatError } from '../runtime/errors.ts';
import { transact, type Last, type Tx } from '../postgres/db.ts';
import { isFirst } from '../store/request/deduplicate.ts';
import { lockIncident } from '../store/incident/incidents.ts';
import { persist } from '../store/persist.ts';
import type { IncidentTurns } from './incident-turns.ts';

/** What every verb stands on. */
export interface VerbDeps {
  pool: pg.Pool;
  estate: () => Estate;
  /** The estate in use by the database's word, for decisions that a change of a moment ago must reach. */
  freshEstate?: () => Promise<Estate>;
  /** Whether a role reaches the pager by a routing key of its own; absent: none does. */
  ownKey?: OwnKey;
  /** Absent where no worker runs: then every step goes through the queue. */
  continuation?: Continuation;
  /** Shared by everything that changes incidents in this process; absent where nothing else does. */
  turns?: IncidentTurns;
}

/** One thing that somebody asked for; `key` is the same for each repeat of it by the network. */
export interface Request {
  key: string;
  actor: string;
}

export interface Locked {
  tx: Tx;
  incident: Incident;
  now: Date;
}

/** Decides and writes one change of an incident: load under its lock, decide, persist, all or nothing. */
export async function changeIncident(
  deps: VerbDeps,
  id: number,
  request: Request | null,
  decide: (locked: Locked) => Promise<Decision> | Decision,
): Promise<Incident> {
  return transactInTurn(deps, [id], async (tx, last) => {
    // Sent together; each waits for the one before it.
    const [locked] = await Promise.all([lock(tx, id), request ? deduplicate(tx, request) : undefined]);
    const decision = await decide({ tx, ...locked });
    await last(persist(tx, locked.incident, decision, locked.now));
    return locked.incident;
  });
}

/** A transaction that changes these incidents; it waits for those before it in this process without a connection. */
export function transactInTurn<T>(
  deps: VerbDeps,
  incidents: number[],
  work: (tx: Tx, last: Last) => Promise<T>,
  wait_ms?: number,
): Promise<T> {
  const begin = (): Promise<T> => transact(deps.pool, work);
  return deps.turns ? deps.turns.run(incidents, begin, wait_ms) : begin();
}

/** What a transaction claims for this process's worker to continue with. */
export interface Continuing {
  continuation: Continuation | undefined;
  claimed: ClaimedRow[];
  /** Called right before the statement that claims: the leases run from there, not from the commit. */
  noteClaiming(): void;
  last: Last;
}

/** A transaction whose claimed steps begin as soon as it is in. A kill in between leaves them to the next worker. */
export async function transactContinuing<T>(
  deps: VerbDeps,
  incident: number,
  work: (tx: Tx, continuing: Continuing) => Promise<T>,
): Promise<T> {
  const { continuation } = deps;
  const claimed: ClaimedRow[] = [];
  let since = performance.now();
  const noteClaiming = (): void => void (since = performance.now());
  const result = await transactInTurn(deps, [incident], (tx, last) =>
    work(tx, { continuation, claimed, noteClaiming, last }),
  );
  continuation?.begin(claimed, since);
  return result;
}

export async function lock(tx: Tx, id: number): Promise<{ incident: Incident; now: Date }> {
  const locked = id === ESTATE_SUBJECT ? null : await lockIncident(tx, id);
  if (!locked) throw new LifeboatError('not_found', `there is no incident ${label(id)}`, 'see `/dr list`');
  return locked;
}

/** Refuses a request that was taken before: it must change nothing twice. */
export async function deduplicate(tx: Tx, request: Request): Promise<void> {
  if (await isFirst(tx, request.key, request.actor)) return;
  throw alreadyTaken();
}

export const alreadyTaken = (): LifeboatError =>
  new LifeboatError('conflict', 'this request was taken already', 'see `/dr status` for what it did');

/** Steps act on the real services, and nothing of a drill may reach the outside. */
export function refuseDrill({ id }: Incident, what: string): void {
  if (kindOf(id) !== 'drill') return;
  throw new LifeboatError(
    'conflict',
    `${label(id)} is a drill and cannot ${what}: steps act on the real services, and nothing of a drill leaves Lifeboat`,
    'look at what would be done with `/dr plan`; for the real thing declare an incident without `mode:drill`',
  );
}

export function needOpen(incident: Incident, what: string): void {
  if (incident.state === 'open') return;
  if (incident.merged_into !== null) {
    const on = label(incident.merged_into);
    throw new LifeboatError(
      'conflict',
      `${label(incident.id)} was merged into ${on}, so it cannot ${what}`,
      `use ${on}`,
    );
  }
  throw new LifeboatError(
    'conflict',
    `${label(incident.id)} is ${incident.state}, so it cannot ${what}`,
    `declare a new incident with \`/dr declare\`, or open it again: \`/dr reopen ${label(incident.id)} <reason>\``,
  );
}
