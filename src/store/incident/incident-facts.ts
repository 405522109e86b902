import type pg from 'pg';
import type { ApprovalFacts, IncidentFacts, RunFacts } from '../../domain/incident/facts.ts';
import { approverHolders } from '../../domain/approval/approvers.ts';
import type { ReadSchedules, RoleHolders } from '../../domain/estate/holders.ts';
import type { Estate } from '../../domain/estate/model.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import type { Json } from '../../domain/json.ts';
import type { Run } from '../../domain/run/model.ts';
import { openApprovals, votesOf } from '../approval/approvals.ts';
import type { Approval } from '../../domain/approval/approval.ts';
import { databaseClock, together, type Db, type Tx } from '../../postgres/db.ts';
import { openDeliveries, resultOf, strandedSteps } from '../effect/effect-views.ts';
import { countDeliveries, withTrouble } from './delivery-facts.ts';
import { holdersAmong } from './holders.ts';
import { roleHolders } from './incidents.ts';
import { pagesOf } from '../page/pages.ts';
import { finishedSteps, liveSteps, planByDigest, runsOf, stepCounts } from '../run/runs.ts';

/** A worker takes a step within moments; after this long there is none for it, or too few, in ms. */
const STRANDED_MS = 30_000;

/**
 * Reads everything that messages about an incident may say, as it is now: on one connection, which is given back before
 * a schedule is asked who may approve.
 */
export async function incidentFacts(
  pool: pg.Pool,
  estate: Estate,
  schedules: ReadSchedules,
  incident: Incident,
): Promise<IncidentFacts> {
  const { approvals, ...facts } = await together(pool, (one) => readFacts(one, estate, incident));
  const asked = [...new Set(approvals.flatMap(({ approval }) => approval.approvers))];
  const holders = await holdersAmong(estate, schedules, facts.roles, asked);
  return { ...facts, approvals: approvals.map((each) => withApprovers(estate, each, holders)) };
}

type BareFacts = Omit<IncidentFacts, 'approvals'> & { approvals: BareApproval[] };
type BareApproval = Omit<ApprovalFacts, 'holders'>;

async function readFacts(db: Tx, estate: Estate, incident: Incident): Promise<BareFacts> {
  const [now, roles, runs, approvals, pages, deliveries, stranded] = await Promise.all([
    databaseClock(db),
    roleHolders(db, incident.id),
    runsOf(db, incident.id),
    openApprovals(db, incident.id),
    pagesOf(db, incident.id),
    openDeliveries(db, incident.id),
    strandedSteps(db, incident.id, STRANDED_MS),
  ]);
  return {
    now,
    estate,
    incident,
    roles,
    runs: await Promise.all(runs.map((run) => runFacts(db, run))),
    approvals: (await Promise.all(approvals.map((each) => approvalFacts(db, each, runs)))).filter(
      (each) => each !== null,
    ),
    pages: pages.map((page) => withTrouble(page, deliveries, now)),
    stranded,
    deliveries: countDeliveries(deliveries, now),
  };
}

async function runFacts(db: Db, run: Run): Promise<RunFacts> {
  const { plan } = await planByDigest(db, run.plan_digest);
  const [counts, live, finished] = await Promise.all([
    stepCounts(db, run.id),
    run.finished_at ? [] : liveSteps(db, run.id),
    run.finished_at ? finishedSteps(db, run.id) : [],
  ]);
  return { run, plan, counts, live, finished };
}

export async function approvalFacts(db: Db, approval: Approval, runs: Run[]): Promise<BareApproval | null> {
  const run = runs.find((each) => each.id === approval.run_id);
  if (!run) return null;
  const { plan } = await planByDigest(db, run.plan_digest);
  const [votes, shown] = await Promise.all([votesOf(db, approval.id), resultOf(db, `approval:${approval.id}:post`)]);
  return { approval, votes, run, plan, place: placeOf(shown) };
}

/** A request with the people who may decide it. */
export const withApprovers = (estate: Estate, facts: BareApproval, holders: RoleHolders): ApprovalFacts => ({
  ...facts,
  holders: approverHolders(estate, facts.approval, facts.run.requested_by, holders),
});

/** Where a message stands, if it was sent. */
function placeOf(shown: Json): { channel: string; ts: string } | null {
  if (shown === null || typeof shown !== 'object' || Array.isArray(shown)) return null;
  const { channel, ts } = shown;
  return typeof channel === 'string' && typeof ts === 'string' ? { channel, ts } : null;
}
