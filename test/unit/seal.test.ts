import { expect, test } from 'vitest';
import { anchorOf, checkRecord, readAnchor } from '../../src/domain/incident/record.ts';
import { createSeal, keyId, type Seal } from '../../src/domain/incident/seal.ts';
import { chain, type ChainedEvent, type NewEvent } from '../../src/domain/incident/timeline.ts';
import { recordWords } from '../../templates/record-words.ts';
import { later } from '../support/domain-fixtures.ts';

const KEY = 'k'.repeat(32);
const seal = createSeal([KEY]);
const declared: NewEvent = { kind: 'incident.declared', actor: 'slack:U01ANA', data: {} };
const note = (text: string): NewEvent => ({ kind: 'note.added', actor: 'slack:U01ANA', data: { text } });

/** A timeline as the program writes it: event by event, each head sealed from the one before. */
function written(facts: NewEvent[], by: Seal = seal) {
  let incident = { id: 7, chain_seq: 0, chain_hash: '', chain_seal: '' };
  const events: ChainedEvent[] = [];
  for (const [index, fact] of facts.entries()) {
    const before = { seq: incident.chain_seq, hash: incident.chain_hash };
    const [event] = chain(7, before, [fact], later(index));
    if (!event) throw new Error('no event');
    const chain_seal = by.extend(7, { ...before, seal: incident.chain_seal }, event);
    incident = { id: 7, chain_seq: event.seq, chain_hash: event.hash, chain_seal };
    events.push(event);
  }
  return { incident, events };
}
const FACTS = [declared, note('one'), note('two')];

test('a timeline that the program wrote is whole, sealed, and what Slack remembers fits it', () => {
  const { incident, events } = written(FACTS);
  const anchors = [readAnchor(anchorOf(incident)), readAnchor(`1:${events[0]!.hash.slice(0, 16)}`)].map(
    (each) => each!,
  );
  const state = checkRecord(incident, events, seal, anchors);
  expect(state).toEqual({
    kind: 'whole',
    last: 3,
    seal: { kind: 'sealed', seq: 3 },
    anchors: { count: 2, newest: 3 },
  });
  expect(recordWords(state)).toBe(
    ':lock: The record is whole: no event was changed or taken out. It is sealed with a key outside the database. 2 messages in Slack remember the same, up to event 3.',
  );
});

test('a chain that was written anew as a whole is noticed without Slack', () => {
  const real = written(FACTS);
  const forged = written([declared, note('nothing happened'), note('two')], createSeal(['x'.repeat(32)]));
  const incident = { ...forged.incident, chain_seal: real.incident.chain_seal };
  expect(checkRecord(incident, forged.events, seal, null)).toEqual({ kind: 'forged', seq: 3 });
  // The next event that the program writes vouches for none of it.
  const next = seal.extend(7, { seq: 3, hash: incident.chain_hash, seal: incident.chain_seal }, { seq: 4, hash: 'f' });
  expect(next).toBe(real.incident.chain_seal);
});

test('the newest event taken out is noticed, also when the row of the incident is set back with it', () => {
  const { incident, events } = written(FACTS);
  expect(checkRecord(incident, events.slice(0, 2), seal, null)).toEqual({ kind: 'broken', seq: 3 });
  const back = { ...incident, chain_seq: 2, chain_hash: events[1]!.hash };
  expect(checkRecord(back, events.slice(0, 2), seal, null)).toEqual({ kind: 'forged', seq: 3 });
});

test('a timeline set back to an older state with its older seal is noticed by what Slack remembers', () => {
  const now = written(FACTS);
  const before = written(FACTS.slice(0, 2));
  const anchors = [readAnchor(anchorOf(now.incident))!];
  expect(checkRecord(before.incident, before.events, seal, null).kind).toBe('whole');
  expect(checkRecord(before.incident, before.events, seal, anchors)).toEqual({
    kind: 'differs',
    seq: 3,
    missing: true,
  });
});

test('an emptied timeline is never one that has none, and one begun anew does not begin with its declaration', () => {
  const { incident } = written(FACTS);
  expect(recordWords(checkRecord(incident, [], seal, null))).toMatch(/^:warning: The record was emptied/);
  const blank = { ...incident, chain_seq: 0, chain_hash: '', chain_seal: '' };
  expect(checkRecord(blank, [], seal, null)).toEqual({ kind: 'emptied' });
  const anew = written([note('after that')]);
  expect(checkRecord(anew.incident, anew.events, seal, null)).toEqual({ kind: 'broken', seq: 1 });
});

test('a seal that was taken out, or is of a key that is not here, is said and vouches for nothing', () => {
  const { incident, events } = written(FACTS);
  expect(recordWords(checkRecord({ ...incident, chain_seal: '' }, events, seal, null))).toContain('It is not sealed');
  const other = createSeal(['x'.repeat(32)]);
  expect(recordWords(checkRecord(incident, events, other, null))).toContain(`of the key \`${keyId(KEY)}\``);
  expect(checkRecord({ ...incident, chain_seal: 'nonsense' }, events, seal, null)).toEqual({ kind: 'forged', seq: 1 });
});

test('a key is replaced without a break: the new one signs on what the old one sealed', () => {
  const { incident, events } = written(FACTS);
  const both = createSeal(['n'.repeat(32), KEY]);
  const head = { seq: incident.chain_seq, hash: incident.chain_hash, seal: incident.chain_seal };
  const [event] = chain(7, head, [note('three')], later(9));
  const chain_seal = both.extend(7, head, event!);
  const next = { id: 7, chain_seq: 4, chain_hash: event!.hash, chain_seal };
  const state = checkRecord(next, [...events, event!], createSeal(['n'.repeat(32)]), null);
  expect(state).toMatchObject({ kind: 'whole', seal: { kind: 'sealed', seq: 4 } });
});

test('what was written by a process without the key is said, from where on', () => {
  const { incident, events } = written(FACTS);
  const head = { seq: incident.chain_seq, hash: incident.chain_hash };
  const [event] = chain(7, head, [note('three')], later(9));
  const next = { ...incident, chain_seq: 4, chain_hash: event!.hash };
  expect(recordWords(checkRecord(next, [...events, event!], seal, null))).toContain('Its seal reaches to event 3 of 4');
});
