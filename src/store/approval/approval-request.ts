import type pg from 'pg';
import { approvalContent, stepsRead, type ApprovalContent } from '../../domain/approval/content.ts';
import type { Approval } from '../../domain/approval/approval.ts';
import type { ReadSchedules } from '../../domain/estate/holders.ts';
import type { Estate } from '../../domain/estate/model.ts';
import type { RequestFacts } from '../../domain/incident/facts.ts';
import { planContext } from '../../domain/plan/resolve.ts';
import { incidentContext, stepsContext } from '../../domain/plan/run-context.ts';
import type { Db } from '../../postgres/db.ts';
import { readHolders } from '../incident/holders.ts';
import { findIncident } from '../incident/incidents.ts';
import { approvalFacts, withApprovers } from '../incident/incident-facts.ts';
import { resultOf } from '../effect/effect-views.ts';
import { findRun, planByDigest, succeededOutputs } from '../run/runs.ts';

/** What an approval would let run, as the database knows it now. */
export async function readContent(db: Db, estate: Estate, approval: Approval): Promise<ApprovalContent> {
  const index = await planByDigest(db, approval.plan_digest);
  const ids = stepsRead(index);
  const [outputs, incident] = await Promise.all([
    ids.length === 0 ? {} : succeededOutputs(db, approval.run_id, ids),
    findIncident(db, approval.incident_id),
  ]);
  return approvalContent(approval, index, {
    ...planContext(estate, index.plan.inputs),
    steps: stepsContext(outputs),
    ...(incident && { incident: incidentContext(incident) }),
  });
}

/** A request as people read it: who is asked, by whom, and everything that would run. */
export async function readRequest(
  db: pg.Pool,
  estate: Estate,
  schedules: ReadSchedules,
  approval: Approval,
): Promise<RequestFacts | null> {
  const run = await findRun(db, approval.run_id);
  const bare = run && (await approvalFacts(db, approval, [run]));
  if (!bare) return null;
  const held = await readHolders(db, estate, schedules, approval.incident_id, approval.approvers);
  const facts = withApprovers(estate, bare, held);
  const content = await readContent(db, estate, approval);
  const shown = await resultOf(db, `approval:${approval.id}:post`);
  const digest = shown !== null && typeof shown === 'object' && !Array.isArray(shown) ? shown['digest'] : null;
  return { ...facts, content, shown_digest: typeof digest === 'string' ? digest : null };
}
