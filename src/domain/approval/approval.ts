import { formatDuration } from '../duration.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import type { ApprovalContent } from './content.ts';
import type { NewApproval } from '../run/model.ts';

export interface Approval extends NewApproval {
  incident_id: number;
  state: 'open' | 'approved' | 'denied' | 'expired' | 'cancelled';
  created_at: Date;
  /** What was left of its time when its run was paused, in ms; its time runs on when the run does. */
  left_ms?: number | null;
}

/** Nobody answered a request in the time that it had; `had_ms` is null where that is not known. */
export function expiredWords({ kind }: Pick<Approval, 'kind'>, had_ms: number | null): string {
  const span = had_ms === null ? 'in time' : `in ${formatDuration(had_ms)}`;
  return kind === 'manual' ? `nobody reported it done ${span}` : `nobody approved ${span}`;
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
  /** Everything that it would let run, as it is now. */
  content: Pick<ApprovalContent, 'digest' | 'problems'>;
  /** The beginning of the digest of what the person saw whole; null when they saw nothing, which is enough to deny. */
  seen_digest: string | null;
  /** Whether an actor may approve for any of these roles now. */
  mayApprove(actor: string): boolean;
}

/** Throws unless the person saw all of what would run now: what cannot be shown cannot be approved. */
function refuseUnseen({ content, seen_digest }: Ballot): void {
  const [problem] = content.problems;
  if (problem !== undefined) {
    throw new LifeboatError(
      'conflict',
      `what cannot be shown cannot be approved: ${problem}`,
      'deny it, and start anew',
    );
  }
  if (!hasSeen(content, seen_digest)) throw unseen();
}

export const unseen = (): LifeboatError =>
  new LifeboatError(
    'conflict',
    'what you saw is not all of what would run now',
    'read the request in the channel, which is brought up to date now, and use its button',
  );

/** Whether the digest, cut to what fits on a button, is that of the content. */
export const hasSeen = ({ digest }: Pick<ApprovalContent, 'digest'>, seen: string | null): boolean =>
  seen !== null && /^[0-9a-f]{12,64}$/.test(seen) && digest.startsWith(seen);

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
  if (mine.decision === 'approve') refuseUnseen(ballot);
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
