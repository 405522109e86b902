import type { SeverityId } from '../estate/model.ts';
import { kindOf, label } from './subject.ts';

export { label } from './subject.ts';

export type IncidentState = 'open' | 'resolved' | 'closed';

export interface Incident {
  id: number;
  name: string;
  title: string;
  severity: SeverityId;
  service: string | null;
  state: IncidentState;
  declared_by: string;
  declared_at: Date;
  acknowledged_by: string | null;
  acknowledged_at: Date | null;
  resolved_by: string | null;
  resolved_at: Date | null;
  resolution: string | null;
  closed_at: Date | null;
  /** Since when it is open again, if it was called over before. */
  reopened_at: Date | null;
  /** How long it counted as resolved before it was opened again, in ms. */
  resolved_ms: number;
  /** The incident in which a duplicate goes on. */
  merged_into: number | null;
  last_update: string | null;
  origin_channel: string | null;
  channel: string | null;
  card_ts: string | null;
  ladder: number;
  /** From when the escalation counts; null: from the declaration. */
  ladder_from: Date | null;
  /** How often it has begun again after its last level. */
  ladder_round: number;
  /** When an acknowledgement was lost; null: there was none to lose. */
  unanswered_from: Date | null;
  /** Audiences that were told of it; they stay told until its end. */
  told: string[];
  /** The last end of the recovery time objective that was said. */
  rto_said: Date | null;
  cadence: number;
  update_slot: number;
  next_update_due: Date | null;
  /** When somebody expects it to be over, and why; null while nobody has said. */
  expected_at: Date | null;
  expected_by: string | null;
  expected_said_at: Date | null;
  expected_reason: string | null;
  chain_seq: number;
  chain_hash: string;
  /** Vouches for the head of the chain, by a key that the database does not hold; see seal.ts. */
  chain_seal: string;
}

export type IncidentPatch = Partial<Omit<Incident, 'id' | 'chain_seq' | 'chain_hash' | 'chain_seal'>>;

/** What of a locked incident its timeline's chain needs. */
export type ChainOwner = Pick<Incident, 'id' | 'chain_seq' | 'chain_hash' | 'chain_seal'>;

/**
 * What names one incident among all installations: numbers begin again with each database, so the millisecond of the
 * declaration belongs to it.
 */
export const referenceOf = (estate: string, { id, declared_at }: Pick<Incident, 'id' | 'declared_at'>): string =>
  `lifeboat/${estate}/${declared_at.getTime().toString(36)}/${label(id)}`;

/** The name that the channel is to have, made from the incident alone so that a repeat finds it again (Slack: a-z 0-9 - _, ≤ 80). */
export function channelName(id: number, title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const prefix = kindOf(id) === 'drill' ? `drill-${-id}` : `dr-${id}`;
  return `${prefix}-${slug || kindOf(id)}`.slice(0, 60).replaceAll(/-+$/g, '');
}

/** From when people are asked to answer: the declaration, or when it was opened again. */
export const askedFrom = ({ declared_at, reopened_at }: Pick<Incident, 'declared_at' | 'reopened_at'>): Date =>
  reopened_at ?? declared_at;

/** When the severity's recovery time objective runs out. */
export function rtoDue(incident: Pick<Incident, 'declared_at'>, rto: number): Date {
  return new Date(incident.declared_at.getTime() + rto);
}
