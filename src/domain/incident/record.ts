import type { ChainOwner } from './incident.ts';
import { kindOf } from './subject.ts';
import type { Seal, SealState } from './seal.ts';
import { firstBroken, type ChainedEvent } from './timeline.ts';

/** The head of a chain as a message in Slack names it: the event's number and the first digits of its hash. */
export interface Anchor {
  seq: number;
  hash: string;
}

const ANCHOR_DIGITS = 16;

/** `<seq>:<first digits of the hash>`, for a message's metadata; null while nothing has happened. */
export const anchorOf = ({ chain_seq, chain_hash }: Pick<ChainOwner, 'chain_seq' | 'chain_hash'>): string | null =>
  chain_seq === 0 ? null : `${chain_seq}:${chain_hash.slice(0, ANCHOR_DIGITS)}`;

export function readAnchor(text: unknown): Anchor | null {
  const [, seq, hash] = (typeof text === 'string' && /^(\d{1,9}):([0-9a-f]{16})$/.exec(text)) || [];
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash };
}

/** What a look at a whole timeline found; `whole` says by what it was held against. */
export type RecordState =
  | { kind: 'whole'; last: number; seal: SealState; anchors: { count: number; newest: number } | null }
  | { kind: 'emptied' }
  | { kind: 'broken'; seq: number }
  /** The seal does not fit event `seq`: the chain was written anew without the key. */
  | { kind: 'forged'; seq: number }
  /** A message in Slack names another event `seq`, or one that is not there any more. */
  | { kind: 'differs'; seq: number; missing: boolean };

/**
 * Holds an incident's events against its chain, against the seal, and against what Slack remembers. The incident is
 * read before the events, and the anchors before both; null when Slack was not asked or did not answer.
 */
export function checkRecord(
  incident: ChainOwner,
  events: ChainedEvent[],
  seal: Seal | null,
  anchors: readonly Anchor[] | null,
): RecordState {
  const [first] = events;
  if (!first) return { kind: 'emptied' };
  if (first.kind !== (kindOf(incident.id) === 'estate' ? 'estate.loaded' : 'incident.declared'))
    return { kind: 'broken', seq: 1 };
  const broken = firstBroken(incident.id, events, { seq: incident.chain_seq, hash: incident.chain_hash });
  if (broken !== null) return { kind: 'broken', seq: broken };
  const hashes = new Map(events.map(({ seq, hash }) => [seq, hash]));
  const sealed = seal?.check(incident.id, incident.chain_seal, (seq) => hashes.get(seq)) ?? { kind: 'none' };
  if (sealed.kind === 'forged') return { kind: 'forged', seq: sealed.seq };
  for (const { seq, hash } of anchors ?? []) {
    const known = hashes.get(seq);
    if (known?.startsWith(hash) !== true) return { kind: 'differs', seq, missing: known === undefined };
  }
  const newest = Math.max(0, ...(anchors ?? []).map(({ seq }) => seq));
  return {
    kind: 'whole',
    last: incident.chain_seq,
    seal: sealed,
    anchors: anchors && { count: anchors.length, newest },
  };
}
