import type { Approval, Vote } from '../approval/approval.ts';
import type { ApprovalContent } from '../approval/content.ts';
import type { Page } from '../effect/decision.ts';
import type { RoleHolders } from '../estate/holders.ts';
import type { Estate } from '../estate/model.ts';
import type { Incident } from './incident.ts';
import type { Json } from '../json.ts';
import type { Plan, Run, StepRow } from '../run/model.ts';

/** A run as messages show it. */
export interface RunFacts {
  run: Run;
  plan: Plan;
  /** Main steps by state. */
  counts: Record<string, number>;
  /** Steps that run, wait for somebody or are in trouble, in plan order; at most 20. */
  live: StepRow[];
  /** Finished main steps with what they returned, in the order in which they ended; only for finished runs. */
  finished: StepRow[];
}

export interface ApprovalFacts {
  approval: Approval;
  votes: (Vote & { at: Date })[];
  /** Who may decide it now, by its roles. */
  holders: RoleHolders;
  run: Run;
  plan: Plan;
  /** Where the request was posted, once it was. */
  place?: { channel: string; ts: string } | null;
}

/** A request for approval with everything that it would let run. */
export interface RequestFacts extends ApprovalFacts {
  content: ApprovalContent;
  /** The digest of what was last posted whole, file included; null while nothing was. */
  shown_digest: string | null;
}

export interface PageFacts extends Page {
  state: 'triggered' | 'acknowledged' | 'resolved';
  /** Who answered it, as an actor. */
  answered_by?: string | null;
  /** The pager did not confirm it yet, or it will never arrive; absent when it was confirmed. */
  trouble?: 'unconfirmed' | 'failed';
}

/** A send that was refused for good, as far as a person needs to know it. */
export interface RefusedSend {
  kind: string;
  /** The occasion, for messages. */
  template: string | null;
  /** 'incident', '#name', a channel id or a user id; null where there is no reader. */
  to: string | null;
  reason: string;
}

/** Everything that messages about an incident may say, read at the moment of sending. */
export interface IncidentFacts {
  now: Date;
  estate: Estate;
  incident: Incident;
  /** Who holds roles of this incident, as actors. */
  roles: { role: string; person: string; at: Date }[];
  /** Newest first. */
  runs: RunFacts[];
  /** Approvals and manual tasks that wait for people. */
  approvals: ApprovalFacts[];
  pages: PageFacts[];
  /** Sends that are not through: what waits, what failed for good, what nobody knows. */
  deliveries: { pending: number; failed: number; unknown: number; refused?: RefusedSend[] };
  /** Steps that no worker took for a while, oldest first; `site` is null where any worker would do. */
  stranded?: { run: number | null; step: string; site: string | null; since: Date }[];
}

/** Parameters that the decision gave a message besides the facts. */
export type MessageParams = Record<string, Json>;
