import { canonical, sha256 } from '../canonical.ts';
import type { JsonObject } from '../json.ts';

/** A fact that a decision produced; the chain gives it its place. */
export interface NewEvent {
  kind: string;
  actor: string;
  data: JsonObject;
}

export interface ChainedEvent extends NewEvent {
  seq: number;
  at: string; // ISO 8601 with milliseconds
  prev_hash: string;
  hash: string;
}

export interface ChainHead {
  seq: number;
  hash: string;
}

/** Appends events to an incident's chain; each hash covers the one before, so no fact can be changed unnoticed. */
export function chain(incident: number, head: ChainHead, events: NewEvent[], at: Date): ChainedEvent[] {
  let { seq, hash } = head;
  return events.map((event) => {
    const prev_hash = hash;
    seq += 1;
    const linked = { ...event, seq, at: at.toISOString(), prev_hash };
    hash = hashOf(incident, linked);
    return { ...linked, hash };
  });
}

/**
 * The sequence number of the first event that does not fit its chain, or null when the whole chain holds. With a head,
 * read before the events, it also finds that the last ones are missing or that all were written anew.
 */
export function firstBroken(incident: number, events: ChainedEvent[], head?: ChainHead): number | null {
  let prev: ChainHead = { seq: 0, hash: '' };
  for (const event of events) {
    const fits = event.seq === prev.seq + 1 && event.prev_hash === prev.hash && hashOf(incident, event) === event.hash;
    if (!fits || (event.seq === head?.seq && event.hash !== head.hash)) return event.seq;
    prev = event;
  }
  return head && prev.seq < head.seq ? prev.seq + 1 : null;
}

function hashOf(incident: number, event: Omit<ChainedEvent, 'hash'>): string {
  const { seq, at, kind, actor, data, prev_hash } = event;
  return sha256(canonical({ incident, seq, at, kind, actor, data, prev_hash }));
}
