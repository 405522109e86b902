import { describe, expect, it } from 'vitest';
import { takePagerNews, type PagerNews } from '../../src/domain/escalation/pager-news.ts';
import type { PageFacts } from '../../src/domain/incident/facts.ts';
import { anEstate, anIncident, later, MINUTE, T0 } from '../support/domain-fixtures.ts';

const estate = anEstate();
const ANA = 'pagerduty:PANA001:Ana Ito';
const page = (over: Partial<PageFacts> = {}): PageFacts => ({
  ...{ dedup_key: 'shop/1.0/on-call', ladder: 1, level: 0, role: 'on-call', people: ['ana'], say: null },
  ...{ state: 'triggered', ...over },
});
const answered = page({ state: 'acknowledged', answered_by: 'slack:U01ANA' });
const news = (kind: PagerNews['kind'], over: Partial<PagerNews> = {}): PagerNews => ({
  ...{ kind, actor: ANA, status: null, people: null, text: null, ...over },
});
const held = (by = 'slack:U01ANA') =>
  anIncident({ severity: 'P0', declared_at: T0, acknowledged_by: by, acknowledged_at: later(2 * MINUTE) });
const take = (incident: ReturnType<typeof held>, of: PageFacts, what: PagerNews, at = 32 * MINUTE) =>
  takePagerNews(estate, incident, of, what, later(at));
const open = anIncident({ severity: 'P0' });

describe('an acknowledgement in the pager', () => {
  it('answers that page and stops the ladder, and no other page', () => {
    const { change, decision } = take(open, page(), news('acknowledged'));
    expect(change).toMatchObject({ state: 'acknowledged', answered_by: ANA });
    expect(decision.incident).toMatchObject({ acknowledged_by: ANA });
    expect(decision.effects.filter(({ kind }) => kind === 'pager.send')).toEqual([]);
    expect(decision.effects.map(({ kind }) => kind)).toContain('posts.render');
  });

  it('to a page of a ladder that was replaced is noted, and answers nothing else', () => {
    const { decision } = take({ ...open, ladder: 2 }, page(), news('acknowledged'));
    expect(decision.incident?.acknowledged_by).toBeUndefined();
    expect(decision.events).toMatchObject([{ kind: 'page.acknowledged', actor: ANA }]);
  });
});

describe('an answer that is taken back', () => {
  it.each([
    ['ran out', news('unacknowledged', { actor: 'pagerduty' })],
    ['was given up by a hand-over', news('reassigned', { status: 'triggered', people: ['ben'] })],
    ['was reopened', news('reopened')],
  ])('%s: the ladder climbs on from where it was', (_, what) => {
    const { change, decision } = take(held(), answered, what);
    expect(change).toMatchObject({ state: 'triggered', answered_by: null });
    expect(decision.incident).toMatchObject({ acknowledged_at: null, acknowledged_by: null, ladder: 2 });
    const timers = decision.effects.filter(({ kind }) => kind === 'escalation.fire');
    // Its clock stood still for 30 minutes: of five minutes until the second level three are left.
    expect(timers.map(({ due_at }) => (due_at!.getTime() - later(32 * MINUTE).getTime()) / MINUTE)).toEqual([
      -2, 3, 13,
    ]);
    expect(timers.every(({ payload }) => payload['resumed'] === true && payload['ladder'] === 2)).toBe(true);
  });

  it('twice adds up both times', () => {
    const first = take(held(), answered, news('unacknowledged')).decision.incident;
    const again = { ...held(), ...first, acknowledged_by: 'slack:U01ANA', acknowledged_at: later(33 * MINUTE) };
    const second = take(again, answered, news('unacknowledged'), 43 * MINUTE).decision;
    const timers = second.effects.filter(({ kind }) => kind === 'escalation.fire');
    expect(timers.map(({ due_at }) => (due_at!.getTime() - later(43 * MINUTE).getTime()) / MINUTE)).toEqual([
      -3, 2, 12,
    ]);
  });

  it('rings, but leaves the ladder where another person holds the incident', () => {
    const { change, decision } = take(held('slack:U01CLEO'), answered, news('unacknowledged'));
    expect(change.state).toBe('triggered');
    expect(decision.incident).toEqual({});
    expect(decision.effects.map(({ kind }) => kind)).not.toContain('escalation.fire');
  });

  it('changes nothing once the incident is over, and is told all the same', () => {
    const over = anIncident({ ...held(), state: 'resolved' });
    const { change, decision } = take(over, page({ state: 'resolved', answered_by: ANA }), news('reopened'));
    expect(change.state).toBe('resolved');
    expect(decision.incident).toEqual({});
    expect(decision.effects.map(({ payload }) => payload['template'])).toContain('pager-news');
  });
});

describe('other news', () => {
  it.each(['reassigned', 'delegated', 'escalated'] as const)(
    '%s names, tells and invites whom the pager asks',
    (kind) => {
      const zoe = 'pagerduty:PZOE:Zoe Park';
      const incident = { ...open, channel: 'C1' };
      const { change, decision } = take(incident, page(), news(kind, { status: 'triggered', people: ['ben', zoe] }));
      expect(change.people).toEqual(['ben', zoe]);
      const told = decision.effects.map(({ kind: each, payload }) => [each, payload['template'], payload['to']]);
      expect(told).toContainEqual(['message.post', 'page', 'U01BEN']);
      expect(told).toContainEqual(['message.post', 'pager-news', 'incident']);
      const invite = decision.effects.find(({ kind: each }) => each === 'channel.invite');
      expect(invite?.payload['people']).toEqual(['ben', zoe]);
    },
  );

  it('that only say what is so already are quiet: Lifeboat asked for it', () => {
    const { decision } = take(open, page(), news('reassigned', { status: 'triggered', people: ['ana'] }));
    expect(decision).toEqual({ events: [], effects: [] });
  });

  it.each(['annotated', 'priority_updated'] as const)('%s is a line and changes no page', (kind) => {
    const { change, decision } = take(held(), answered, news(kind, { text: 'P1' }));
    expect(change).toEqual({ state: 'acknowledged', answered_by: 'slack:U01ANA', people: ['ana'] });
    expect(decision.events).toMatchObject([{ kind: `page.${kind}`, data: { text: 'P1' } }]);
    expect(decision.incident).toEqual({});
  });

  it('a page that the pager resolved by itself answers for nobody', () => {
    expect(take(open, page(), news('resolved', { actor: 'pagerduty' })).decision.incident).toEqual({});
    expect(take(open, page(), news('resolved')).decision.incident).toMatchObject({ acknowledged_by: ANA });
  });
});
