import { expect, test } from 'vitest';
import { pageConfirmed, pageFailed, pageUnconfirmed } from '../../src/domain/escalation/page-outcomes.ts';
import { anIncident } from '../support/facts.ts';

const incident = anIncident();
const dedup_key = 'lifeboat/shop/abc/INC-12/1.0/on-call';
const templates = ({ effects }: { effects: { payload: Record<string, unknown> }[] }): unknown[] =>
  effects.flatMap(({ payload }) => payload['template'] ?? []);
const unconfirmed = (more: { waited: number; tries: number; refusal?: boolean }) =>
  pageUnconfirmed(incident, { dedup_key, reason: 'no answer', refusal: false, ...more });
const confirmed = (more: { waited?: number; tries?: number; lookUp?: Date | null }) =>
  pageConfirmed(incident, { dedup_key, waited: 50, tries: 1, lookUp: null, ...more });

test('a page that is not confirmed is said when it lasts, with the reason, and never called failed', () => {
  expect(templates(unconfirmed({ waited: 5_000, tries: 4 }))).toEqual([]);
  const said = unconfirmed({ waited: 21_000, tries: 6 });
  expect(templates(said)).toEqual(['page-unconfirmed']);
  expect(said.effects[0]).toMatchObject({
    payload: { to: 'incident', params: { role: 'on-call', reason: 'no answer' } },
  });
  expect(said.events).toEqual([]);
  expect(unconfirmed({ waited: 60_000, tries: 9 }).effects[0]?.key).toBe(said.effects[0]?.key);
});

test('a refusal that a proxy may explain is said at its second time', () => {
  expect(templates(unconfirmed({ waited: 100, tries: 1, refusal: true }))).toEqual([]);
  expect(templates(unconfirmed({ waited: 700, tries: 2, refusal: true }))).toEqual(['page-unconfirmed']);
});

test('a page that is confirmed at once costs no message, and one that was long in doubt has its word', () => {
  expect(confirmed({})).toEqual({
    events: [{ kind: 'page.sent', actor: 'lifeboat', data: { dedup_key } }],
    effects: [],
  });
  const late = confirmed({ waited: 40_000, tries: 7 });
  expect(templates(late)).toEqual(['page-confirmed']);
  expect(late.effects.map(({ kind }) => kind)).toEqual(['card.render', 'message.post']);
});

test('a confirmed page is looked up a moment later where the pager can tell, and holds up nothing of its order', () => {
  const now = new Date(1_000_000);
  const [look] = confirmed({ lookUp: now }).effects;
  expect(look).toMatchObject({ kind: 'pager.confirm', due_at: new Date(1_005_000) });
  expect(look).not.toHaveProperty('ordering_key');
});

test('a failed page is an event, a message with whom to call, and a mark on the card', () => {
  const failed = pageFailed(incident, dedup_key, 'no such key');
  expect(failed.events).toEqual([
    { kind: 'page.failed', actor: 'lifeboat', data: { dedup_key, reason: 'no such key' } },
  ]);
  expect(failed.effects.map(({ kind }) => kind)).toEqual(['message.post', 'card.render']);
});
