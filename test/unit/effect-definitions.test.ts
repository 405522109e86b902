import { expect, test } from 'vitest';
import { EFFECTS, type EffectKind } from '../../src/domain/effect/definitions.ts';
import { intend, parseEffect, type ClaimedRow } from '../../src/domain/effect/effect.ts';
import { cardIntent, postIntent } from '../../src/domain/effect/intents.ts';

const KINDS = Object.keys(EFFECTS) as EffectKind[];
const row = (kind: EffectKind, payload: ClaimedRow['payload']): ClaimedRow => ({
  ...{ id: '1', key: 'k', kind, queue: EFFECTS[kind].queue, incident_id: 7, payload, ordering_key: null },
  ...{
    fence: 1,
    attempts: 1,
    unknown_since: null,
    left_by: [],
    cancel_requested: false,
    mode: 'live' as const,
    created_at: new Date(0),
  },
});

test('every kind is kept for a while once it is over, and tried for a while before', () => {
  for (const kind of KINDS) {
    const { retention_ms, patience } = EFFECTS[kind];
    expect(retention_ms, kind).toBeGreaterThanOrEqual(86_400_000);
    expect(patience.give_up_after_ms, kind).toBeGreaterThan(0);
    expect(patience.cap_ms, kind).toBeGreaterThan(0);
  }
});

test('whoever does an effect is given the payload that was intended, and an error where it is none of its kind', () => {
  const asked = intend('pager.send', 'k', { incident: 7, dedup_key: 'd', action: 'trigger' });
  expect(parseEffect(row(asked.kind, asked.payload)).payload).toEqual(asked.payload);
  const misfit = { incident: 7, dedup_key: 'd', action: 'sing' };
  expect(() => parseEffect(row('pager.send', misfit))).toThrow(/^no payload of pager\.send: action: /);
  for (const kind of KINDS) expect(() => parseEffect(row(kind, {})), kind).toThrow(/^no payload of /);
});

test('messages to one reader keep their order', () => {
  const to = (reader: string) =>
    postIntent({ incident: 7, key: 'k', template: 'severity-changed', to: reader }).ordering_key;
  expect([to('incident'), to('#leadership'), to('U01ANA')]).toEqual(['incident:7', 'to:#leadership', 'to:U01ANA']);
});

test('a newer card takes the place of one that waits', () => {
  expect(cardIntent(7, 'a').coalesce_key).toBe('card:7');
  expect(cardIntent(7, 'b').coalesce_key).toBe('card:7');
});
