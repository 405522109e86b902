import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/domain/effect/decision.ts';
import { isOutOfReach } from '../../src/domain/escalation/reach.ts';
import { fireFirstLevels } from '../../src/domain/escalation/first-levels.ts';
import { afterLevel, endLadder, patienceOf } from '../../src/domain/escalation/ladder-end.ts';
import { fireLevel } from '../../src/domain/escalation/escalation.ts';
import { unansweredSince } from '../../src/domain/escalation/unanswered.ts';
import { anEstate, anIncident, aPolicy, heldBy, later, MINUTE, T0 } from '../support/domain-fixtures.ts';

const level = (after: number, page: string[] = ['on-call']) => ({ after: after * MINUTE, page, notify: [] });
const withPolicy = (over: Parameters<typeof aPolicy>[1] = {}, levels = [level(0), level(5)]) =>
  anEstate({ escalation_policies: { critical: aPolicy(levels, { patience: 7 * MINUTE, ...over }) } });
const power = anIncident({ severity: 'P0', declared_by: 'slack:U01CLEO' });
const posts = ({ effects }: Decision) =>
  effects.filter(({ kind }) => kind === 'message.post').map(({ payload }) => [payload['template'], payload['to']]);

describe('the end of a ladder', () => {
  it('has its timer as soon as the last level fired, so that whoever was asked has their time however late that was', () => {
    expect(afterLevel(withPolicy(), power, 1, later(60 * MINUTE))).toMatchObject([
      { kind: 'escalation.end', key: 'ladder:7:1:end', ordering_key: 'ladder:7:1', due_at: later(67 * MINUTE) },
    ]);
    expect(afterLevel(withPolicy(), power, 0, later(0))).toMatchObject([{ key: 'ladder:7:1:1' }]);
  });

  it('comes also where a reload made the policy shorter, and where all levels fire with the declaration', () => {
    expect(afterLevel(withPolicy(), power, 5, later(0))).toMatchObject([{ kind: 'escalation.end' }]);
    const { decision } = fireFirstLevels(withPolicy({}, [level(0)]), power);
    expect(decision.effects.filter(({ kind }) => kind === 'escalation.end')).toMatchObject([
      { due_at: later(7 * MINUTE) },
    ]);
  });

  it('is none where nobody is paged: nobody failed to answer', () => {
    expect(afterLevel(withPolicy({}, [level(0, [])]), power, 0, later(0))).toEqual([]);
    expect(afterLevel(anEstate({ escalation_policies: {} }), power, 0, later(0))).toEqual([]);
  });

  it('is said in the channel and to whoever declared', () => {
    const decided = endLadder(withPolicy(), power, { since: T0, now: later(12 * MINUTE) });
    expect(posts(decided)).toEqual([
      ['escalation-ended', 'incident'],
      ['escalation-ended', 'U01CLEO'],
    ]);
    expect(decided.events).toMatchObject([{ kind: 'escalation.ended' }]);
    const terminal = endLadder(withPolicy(), { ...power, declared_by: 'terminal:root' }, { since: T0, now: T0 });
    expect(posts(terminal)).toEqual([['escalation-ended', 'incident']]);
  });

  it('is the beginning again as often as the policy says, from now, with new keys', () => {
    const first = endLadder(withPolicy({ repeat: 1 }), power, { since: T0, now: later(12 * MINUTE) });
    expect(posts(first)).toEqual([]);
    expect(first.incident).toEqual({ ladder: 2, ladder_from: later(12 * MINUTE), ladder_round: 1 });
    expect(first.effects.map(({ key, due_at }) => [key, due_at])).toEqual([
      ['ladder:7:2:0', later(12 * MINUTE)],
      ['ladder:7:2:1', later(17 * MINUTE)],
    ]);
    expect(first.effects[0]?.payload).toMatchObject({ again: true });
    const second = endLadder(withPolicy({ repeat: 1 }), { ...power, ...first.incident }, { since: T0, now: T0 });
    expect(posts(second)).toHaveLength(2);
    const forever = { ...power, ladder_round: 99 };
    expect(posts(endLadder(withPolicy({ repeat: 'until_answered' }), forever, { since: T0, now: T0 }))).toEqual([]);
  });

  it.each([
    [[0], 15],
    [[0, 1], 5],
    [[0, 5, 15], 10],
    [[0, 30, 480], 30],
  ])('waits by the pace of the last levels: %j min, then %i min', (minutes, wanted) => {
    expect(patienceOf(minutes.map((after) => ({ after: after * MINUTE })))).toBe(wanted * MINUTE);
  });
});

describe('since when nobody answers', () => {
  const page = (minutes: number, answered_by: string | null = null, ladder = 1) => ({
    ...{ ladder, answered_by, created_at: later(minutes * MINUTE) },
  });

  it('is the first page that nobody answered, or when an answer was lost, and nothing while nobody was asked', () => {
    expect(unansweredSince(power, [])).toBeNull();
    expect(unansweredSince(power, [page(1, null, 0)])).toBeNull();
    expect(unansweredSince(power, [page(3), page(1)])).toEqual(later(MINUTE));
    expect(unansweredSince(power, [page(1, 'slack:U01ANA'), page(3)])).toEqual(later(3 * MINUTE));
    const lost = { ...power, unanswered_from: later(9 * MINUTE) };
    expect(unansweredSince(lost, [page(1, 'slack:U01ANA')])).toEqual(later(9 * MINUTE));
    expect(unansweredSince(lost, [page(1)])).toEqual(later(9 * MINUTE));
  });
});

describe('a level', () => {
  const vendor = { people: { desk: { name: 'Desk', phone: '+1-555-0199' }, ana: { name: 'Ana', slack: 'U01ANA' } } };
  const estate = anEstate({
    ...{ ...vendor, roles: { 'on-call': { people: ['ana'] }, vendor: { people: ['desk'] } } },
    escalation_policies: {
      critical: aPolicy([level(0), level(5, ['vendor']), { ...level(15), notify: ['management'] }]),
    },
  });
  const fire = (index: number, over = {}, incident = power) =>
    fireLevel(estate, incident, {
      ...{ ladder: 1, level: index, holders: heldBy({ 'on-call': ['ana'], vendor: ['desk'] }), paged: [] },
      ...{ since: T0, now: later(5 * MINUTE), ownKey: () => false, ...over },
    });

  it('that holds only people with a telephone pages nobody, and says whom to call', () => {
    const decided = fire(1);
    expect(decided.pages).toEqual([]);
    const [post] = decided.effects.filter(({ payload }) => payload['template'] === 'escalation');
    expect(post?.payload['params']).toMatchObject({ roles: [], unreached: ['vendor'], call: ['desk'] });
    expect(fire(1, { ownKey: () => true }).pages).toHaveLength(1);
    expect(isOutOfReach(estate, 'vendor', [], () => false)).toBe(false);
    expect(isOutOfReach(estate, 'vendor', ['pagerduty:PZOE:Zoe'], () => false)).toBe(false);
  });

  it('tells an audience that knows one line, and one that does not the notification with that line', () => {
    const to = (decided: Decision) =>
      decided.effects
        .filter(({ payload }) => payload['to'] === '#leadership')
        .map(({ payload }) => [payload['template'], (payload['params'] as { since?: string }).since]);
    expect(to(fire(2, {}, { ...power, told: ['management'] }))).toEqual([['escalated', T0.toISOString()]]);
    expect(to(fire(2))).toEqual([['incident-notification', T0.toISOString()]]);
    expect(to(fire(2, { since: null }, { ...power, told: ['management'] }))).toEqual([]);
    expect(fire(2).incident).toEqual({ told: ['management'] });
  });

  it('says how long nobody answered only where somebody was asked', () => {
    const after = (since: Date | null) =>
      fire(1, { since }).effects.find(({ payload }) => payload['template'] === 'escalation')?.payload['params'];
    expect(after(T0)).toMatchObject({ after_ms: 5 * MINUTE });
    expect(after(null)).not.toHaveProperty('after_ms');
  });
});
