import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonical, sha256 } from '../canonical.ts';
import type { ChainHead } from './timeline.ts';

/** How far a chain's seal reaches, `seq` being the event that it names. */
export type SealState =
  | { kind: 'sealed'; seq: number }
  | { kind: 'none' }
  /** Made with a key that this process does not have. */
  | { kind: 'foreign'; key: string; seq: number }
  | { kind: 'forged'; seq: number };

/** Signs the heads of timelines with a key outside the database, so that nobody can write a chain anew with SQL alone. */
export interface Seal {
  /** The first digits of the SHA-256 of the key that signs. */
  id: string;
  /** The seal of `next`; the old one when `prev` is not sealed itself, since what others wrote is not vouched for. */
  extend(incident: number, prev: ChainHead & { seal: string }, next: ChainHead): string;
  /** Reads a seal; `hashAt` gives the hash of an event of the chain. */
  check(incident: number, seal: string, hashAt: (seq: number) => string | undefined): SealState;
}

/** A seal with several keys while one is being replaced: the first one signs, all of them verify. */
export function createSeal(keys: readonly [string, ...string[]]): Seal {
  const [signing] = keys;
  const known = new Map(keys.map((key) => [keyId(key), key]));
  const isGenuine = (incident: number, head: ChainHead, { id, mac }: Parts): boolean => {
    const key = known.get(id);
    return key !== undefined && sameText(mac, sign(key, incident, head));
  };
  return {
    id: keyId(signing),
    extend(incident, prev, next) {
      const parts = readSeal(prev.seal);
      const vouched = prev.seq === 0 || (parts?.seq === prev.seq && isGenuine(incident, prev, parts));
      return vouched ? `${keyId(signing)}:${next.seq}:${sign(signing, incident, next)}` : prev.seal;
    },
    check(incident, seal, hashAt) {
      if (seal === '') return { kind: 'none' };
      const parts = readSeal(seal);
      if (!parts) return { kind: 'forged', seq: 1 };
      const { id, seq } = parts;
      if (!known.has(id)) return { kind: 'foreign', key: id, seq };
      return { kind: isGenuine(incident, { seq, hash: hashAt(seq) ?? '' }, parts) ? 'sealed' : 'forged', seq };
    },
  };
}

interface Parts {
  id: string;
  seq: number;
  mac: string;
}

export const keyId = (key: string): string => sha256(`lifeboat seal ${key}`).slice(0, 8);

function readSeal(seal: string): Parts | null {
  const [, id, seq, mac] = /^([0-9a-f]{8}):(\d{1,9}):([0-9a-f]{64})$/.exec(seal) ?? [];
  return id === undefined || seq === undefined || mac === undefined ? null : { id, seq: Number(seq), mac };
}

const sign = (key: string, incident: number, { seq, hash }: ChainHead): string =>
  createHmac('sha256', key).update(canonical({ incident, seq, hash })).digest('hex');

const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
