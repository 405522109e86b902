import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import {
  chain,
  firstBroken,
  type ChainedEvent,
  type ChainHead,
  type NewEvent,
} from '../../src/domain/incident/timeline.ts';
import { later } from '../support/domain-fixtures.ts';

const START: ChainHead = { seq: 0, hash: '' };

const data = fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<Json>, { noNullPrototype: true });
const event: fc.Arbitrary<NewEvent> = fc.record({ kind: fc.string(), actor: fc.string(), data });
const batches = fc.array(fc.array(event, { maxLength: 4 }), { minLength: 1, maxLength: 5 });

function written(incident: number, groups: NewEvent[][]): ChainedEvent[] {
  return groups.reduce<ChainedEvent[]>((all, group, index) => {
    const head = all.at(-1) ?? START;
    return [...all, ...chain(incident, { seq: head.seq, hash: head.hash }, group, later(index * 1000))];
  }, []);
}

/** What a database that keeps objects in an order of its own gives back. */
function reordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(reordered);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value).sort((a, b) => a.length - b.length || (a < b ? 1 : -1));
  return Object.fromEntries(keys.map((key) => [key, reordered(value[key] ?? null)]));
}

const readBack = (event: ChainedEvent): ChainedEvent => ({
  ...event,
  data: reordered(JSON.parse(JSON.stringify(event.data)) as JsonObject) as JsonObject,
});

type Tampering = (events: ChainedEvent[], at: number) => ChainedEvent[];
const change =
  (patch: (event: ChainedEvent) => Partial<ChainedEvent>): Tampering =>
  (events, at) =>
    events.map((each, index) => (index === at ? { ...each, ...patch(each) } : each));

const TAMPERINGS: Record<string, Tampering> = {
  'another kind': change(({ kind }) => ({ kind: `${kind}!` })),
  'another actor': change(({ actor }) => ({ actor: `${actor}!` })),
  'another time': change(({ at }) => ({ at: new Date(Date.parse(at) + 1).toISOString() })),
  'more data': change((each) => ({ data: { ...each.data, 'added later': true } })),
  'another hash': change(({ hash }) => ({
    hash: `0${hash.slice(1)}` === hash ? `1${hash.slice(1)}` : `0${hash.slice(1)}`,
  })),
  'another previous hash': change(({ prev_hash }) => ({ prev_hash: `${prev_hash}0` })),
  'a copy after itself': (events, at) => [...events.slice(0, at + 1), events[at]!, ...events.slice(at + 1)],
};

describe('the chain of an incident', () => {
  it('holds for whatever was written, in whatever order a database gives the keys back', () => {
    fc.assert(
      fc.property(fc.nat(), batches, (incident, groups) => {
        const events = written(incident, groups);
        const { seq, hash } = events.at(-1) ?? START;
        expect(events.map((each) => each.seq)).toEqual(events.map((_, index) => index + 1));
        expect(firstBroken(incident, events.map(readBack), { seq, hash })).toBe(null);
        if (events.length > 0) expect(firstBroken(incident + 1, events)).toBe(1);
      }),
    );
  });

  it.each(Object.keys(TAMPERINGS))('shows %s at the event where it was made', (name) => {
    fc.assert(
      fc.property(batches, fc.nat(), (groups, pick) => {
        const events = written(7, groups);
        fc.pre(events.length > 0);
        const at = pick % events.length;
        expect(firstBroken(7, TAMPERINGS[name]!(events, at))).toBe(at + 1);
      }),
    );
  });

  it('shows where an event was taken out, moved or put in', () => {
    fc.assert(
      fc.property(batches, fc.nat(), fc.boolean(), (groups, pick, forged) => {
        const events = written(7, groups);
        fc.pre(events.length > 1);
        const at = pick % (events.length - 1);
        expect(firstBroken(7, events.toSpliced(at, 1))).toBe(at + 2);
        const [first, second] = [events[at]!, events[at + 1]!];
        expect(firstBroken(7, events.toSpliced(at, 2, second, first))).toBe(at + 2);
        const news = { kind: 'k', actor: 'a', data: {} };
        const [added] = chain(7, forged ? { seq: first.seq, hash: first.hash } : START, [news], later(0));
        expect(firstBroken(7, events.toSpliced(at + 1, 0, added!))).toBe(forged ? at + 2 : 1);
      }),
    );
  });

  it('shows that its end is missing or that all of it was written anew, to whoever knows its head', () => {
    const events = written(7, [[{ kind: 'a', actor: 'x', data: {} }], [{ kind: 'b', actor: 'x', data: {} }]]);
    const head = events[1]!;
    expect(firstBroken(7, events.slice(0, 1))).toBe(null);
    expect(firstBroken(7, events.slice(0, 1), head)).toBe(2);
    expect(firstBroken(7, [], head)).toBe(1);
    const forged = written(7, [[{ kind: 'a', actor: 'y', data: {} }], [{ kind: 'b', actor: 'x', data: {} }]]);
    expect(firstBroken(7, forged, head)).toBe(2);
    const more = [...events, ...chain(7, head, [{ kind: 'c', actor: 'x', data: {} }], later(0))];
    expect(firstBroken(7, more, head)).toBe(null);
  });

  it('has a hash that never changes from one release to the next', () => {
    const [only] = chain(
      7,
      START,
      [{ kind: 'incident.declared', actor: 'slack:U01ANA', data: { b: [1, null], a: 'ü' } }],
      later(0),
    );
    expect(only).toMatchObject({ seq: 1, at: '2028-02-29T23:50:00.000Z', prev_hash: '' });
    const text =
      '{"actor":"slack:U01ANA","at":"2028-02-29T23:50:00.000Z","data":{"a":"ü","b":[1,null]},"incident":7,' +
      '"kind":"incident.declared","prev_hash":"","seq":1}';
    expect(only?.hash).toBe(createHash('sha256').update(text).digest('hex'));
  });
});
