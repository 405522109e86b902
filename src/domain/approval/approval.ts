import { LifeboatError } from '../../runtime/errors.ts';
import type { NewApproval } from '../run/model.ts';

export interface Approval extends NewApproval {
  incident_id: number;
  state: 'open' | 'approved' | 'denied' | 'expired' | 'cancelled';
  created_at: Date;
}

export interface Vote {
  person: string; // an actor
  decision: 'approve' | 'deny';
  comment: string | null;
}

export interface Ballot {
  approval: Approval;
  votes: Vote[]; // without the new one
  requester: string;
  now: Date;
  /** The digest that the person saw on the button, or null when they typed. */
  seen_digest: string | null;
  /** Whether an actor may approve for any of these roles now. */
  mayApprove(actor: string): boolean;
}

export type Verdict = 'recorded' | 'approved' | 'denied';

/**
 * Takes one person's decision. One denial denies; approvals count when their people still hold the role and are not the
 * requester. Throws a LifeboatError that says why a decision does not count.
 */
export function vote(ballot: Ballot, mine: Vote): Verdict {
  const { approval, requester } = ballot;
  if (approval.state !== 'open')
    throw new LifeboatError('conflict', `this was ${approval.state} already`, 'see `/dr status`');
  if (approval.expires_at !== null && approval.expires_at <= ballot.now)
    throw new LifeboatError('conflict', 'the time for this is over', 'see `/dr status` for what the run does now');
  const { seen_digest } = ballot;
  if (seen_digest !== null && (seen_digest === '' || !approval.plan_digest.startsWith(seen_digest))) {
    throw new LifeboatError(
      'conflict',
      'the plan on that button is not the plan that waits now',
      'use the newest request',
    );
  }
  if (approval.kind === 'approval' && !ballot.mayApprove(mine.person)) {
    throw new LifeboatError(
      'forbidden',
      `you hold none of the roles that may decide this: ${approval.approvers.join(', ')}`,
      'ask one of them',
    );
  }
  if (approval.exclude_requester && mine.decision === 'approve' && mine.person === requester) {
    throw new LifeboatError(
      'forbidden',
      'you asked for this run, so somebody else must approve it',
      `ask another of: ${approval.approvers.join(', ')}`,
    );
  }
  if (ballot.votes.some((each) => each.person === mine.person)) {
    throw new LifeboatError('conflict', 'you decided this already', 'each person decides once');
  }
  if (approval.require_comment && !mine.comment?.trim()) {
    throw new LifeboatError(
      'invalid',
      'this decision needs a reason',
      `\`/dr ${mine.decision} ${approval.step_id} <reason>\``,
    );
  }
  if (mine.decision === 'deny') return 'denied';
  if (approval.kind === 'manual') return 'approved';
  const counted = [...ballot.votes, mine].filter(
    (each) =>
      each.decision === 'approve' &&
      ballot.mayApprove(each.person) &&
      !(approval.exclude_requester && each.person === requester),
  );
  return counted.length >= approval.min_approvals ? 'approved' : 'recorded';
}
