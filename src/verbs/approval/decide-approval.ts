import { expiredWords, hasSeen, unseen, vote, type Approval, type Verdict } from '../../domain/approval/approval.ts';
import { NOTHING } from '../../domain/effect/decision.ts';
import { cardIntent } from '../../domain/effect/intents.ts';
import { approverHolders } from '../../domain/approval/approvers.ts';
import { holdsRole, resolveHolders, type Scheduled } from '../../domain/estate/holders.ts';
import { LIFEBOAT, personOf } from '../../domain/estate/people.ts';
import { finish } from '../../domain/run/engine.ts';
import type { StepResult } from '../../domain/run/model.ts';
import { needReason } from '../../domain/text/limits.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { roleHolders } from '../../store/incident/incidents.ts';
import { findApproval, insertVote, setApprovalState, votesOf } from '../../store/approval/approvals.ts';
import { readContent } from '../../store/approval/approval-request.ts';
import type { Db, Tx } from '../../postgres/db.ts';
import { persist } from '../../store/persist.ts';
import { findRun, planByDigest } from '../../store/run/runs.ts';
import {
  deduplicate,
  lock,
  transactContinuing,
  type Continuing,
  type Locked,
  type Request,
  type VerbDeps,
} from '../context.ts';
import { decideOn, persistViews, renderApproval } from '../run/run-views.ts';

export interface ApprovalInput {
  approval: string;
  decision: 'approve' | 'deny';
  comment: string | null;
  seen_digest: string | null; // of the request on whose button was pressed, or that was typed
  /** What schedules say of the request's roles, asked before: nothing may wait for a pager under the incident's lock. */
  scheduled: Scheduled;
}

/** Records one person's decision, once; with the quorum the run goes on in the same transaction. */
export async function decideApproval(deps: VerbDeps, request: Request, input: ApprovalInput): Promise<Verdict> {
  const estate = (await deps.freshEstate?.()) ?? deps.estate();
  if (personOf(estate, request.actor) === null) {
    throw new LifeboatError('forbidden', 'only people of the estate may decide', 'ask one of the approvers');
  }
  needReason(input.comment, 'the comment');
  const found = await needApproval(deps.pool, input.approval);
  const verdict = await transactContinuing(deps, found.incident_id, async (tx, continuing) => {
    const { incident, now } = await lock(tx, found.incident_id);
    await deduplicate(tx, request);
    const approval = await needApproval(tx, input.approval); // again, now that nobody else can change it
    const requester = (await findRun(tx, approval.run_id))?.requested_by ?? '';
    const content = await readContent(tx, estate, approval);
    const assigned = await roleHolders(tx, incident.id);
    const now_holding = resolveHolders(estate, approval.approvers, assigned, input.scheduled);
    const holders = approverHolders(estate, approval, requester, now_holding);
    const mine = { person: request.actor, decision: input.decision, comment: input.comment };
    const ballot = {
      approval,
      votes: await votesOf(tx, approval.id),
      requester,
      now,
      content,
      seen_digest: input.seen_digest,
      mayApprove: (actor: string) => holdsRole(estate, actor, approval.approvers, holders),
    };
    if (input.decision === 'approve' && approval.state === 'open' && !hasSeen(content, input.seen_digest)) {
      await show(tx, { tx, incident, now }, approval, `unseen:${Math.floor(now.getTime() / MINUTE)}`);
      return null; // what is shown is brought up to date, and nothing is decided
    }
    const verdict = vote(ballot, mine);
    await insertVote(tx, approval.id, mine, now);
    const decided = {
      kind: `approval.${input.decision === 'approve' ? 'given' : 'denied'}`,
      actor: request.actor,
      data: {
        step: approval.step_id,
        run: approval.run_id,
        digest: approval.plan_digest,
        request: content.digest,
        comment: input.comment,
      },
    };
    await persist(tx, incident, { ...NOTHING, events: [decided] }, now);
    if (verdict === 'recorded') await show(tx, { tx, incident, now }, approval, `vote:${ballot.votes.length + 1}`);
    else await settle({ tx, incident, now }, approval, verdict, resultOf(verdict, input), request.actor, continuing);
    return verdict;
  });
  if (verdict === null) throw unseen();
  return verdict;
}

const MINUTE = 60_000;

/** Ends an approval or task that nobody decided in time; a decided one is left alone. */
export async function expireApproval(deps: VerbDeps, id: string): Promise<void> {
  const found = await findApproval(deps.pool, id);
  if (!found) return;
  await transactContinuing(deps, found.incident_id, async (tx, continuing) => {
    const { incident, now } = await lock(tx, found.incident_id);
    const approval = await needApproval(tx, id);
    // A pause stopped its time, or it runs on from a later resume, which has a timer of its own.
    if (approval.state !== 'open' || approval.expires_at === null || approval.expires_at > now) return;
    const error = expiredWords(approval, await timeGiven(tx, approval));
    await settle({ tx, incident, now }, approval, 'expired', { kind: 'timed_out', error }, LIFEBOAT, continuing);
  });
}

/** How long a request had by its plan. */
async function timeGiven(tx: Tx, { plan_digest, step_id }: Approval): Promise<number | null> {
  const { timeout } = (await planByDigest(tx, plan_digest)).step(step_id).with;
  return typeof timeout === 'number' ? timeout : null;
}

async function needApproval(tx: Db, id: string): Promise<Approval> {
  const approval = await findApproval(tx, id);
  if (approval) return approval;
  throw new LifeboatError('not_found', `there is no request ${id}`, 'see `/dr status`');
}

function resultOf(verdict: Verdict, { comment }: ApprovalInput): StepResult {
  if (verdict === 'approved') return { kind: 'succeeded', output: { comment } };
  return { kind: 'failed', error: comment ? `denied: ${comment}` : 'denied' };
}

async function settle(
  { tx, incident, now }: Locked,
  approval: Approval,
  state: 'approved' | 'denied' | 'expired',
  result: StepResult,
  actor: string,
  continuing: Continuing,
): Promise<void> {
  await setApprovalState(tx, approval.id, state, now);
  const run = await findRun(tx, approval.run_id);
  if (!run) return;
  const view = await decideOn(tx, run, [approval.step_id], now, (each) => {
    finish(each, approval.step_id, result, actor);
  });
  const shown = [renderApproval(incident.id, approval.id, state), cardIntent(incident.id, `${state}:${approval.id}`)];
  await persistViews(tx, incident, [view], { events: [], effects: shown }, now, continuing);
}

async function show(tx: Tx, { incident, now }: Locked, approval: Approval, version: string): Promise<void> {
  await persist(tx, incident, { events: [], effects: [renderApproval(incident.id, approval.id, version)] }, now);
}
