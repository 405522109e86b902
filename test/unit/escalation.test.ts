import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/domain/effect/decision.ts';
import {
  isActive,
  fireLevel,
  ladderTimers,
  manualPage,
  pageEffects,
  policyOf,
  roleIn,
} from '../../src/domain/escalation/escalation.ts';
import { notices, slackTargets } from '../../src/domain/audience/targets.ts';
import { fireFirstLevels } from '../../src/domain/escalation/first-levels.ts';
import { acknowledge, changeSeverity } from '../../src/domain/incident/decisions.ts';
import { anEstate, anIncident, heldBy, later, MINUTE, T0 } from '../support/domain-fixtures.ts';

const estate = anEstate();
const power = anIncident({ severity: 'P0' });
const holders = heldBy({ 'on-call': ['ana'], secondary: ['ben'], 'incident-commander': ['cleo', 'ben'] });
const plain = { holders, paged: [], since: null, now: T0, ownKey: () => false };
const fire = (level: number, over = {}): Decision => fireLevel(estate, power, { ladder: 1, level, ...plain, ...over });
const keys = ({ effects }: Decision): string[] => effects.map((each) => each.key);

describe('a ladder', () => {
  it('has a timer for each level at its distance from the declaration, however late it is planned', () => {
    const policy = policyOf(estate, power);
    expect(ladderTimers(power, policy).map(({ key, due_at }) => [key, due_at!.getTime() - T0.getTime()])).toEqual([
      ['ladder:7:1:0', 0],
      ['ladder:7:1:1', 5 * MINUTE],
      ['ladder:7:1:2', 15 * MINUTE],
    ]);
    expect(ladderTimers(power, policy, { from: 2 })).toEqual(ladderTimers(power, policy).slice(2));
    expect(ladderTimers(power, [])).toEqual([]);
  });

  it('fires its levels in order even when all are late: they share a lane', () => {
    const lanes = ladderTimers(power, policyOf(estate, power)).map((each) => each.ordering_key);
    expect(new Set(lanes)).toEqual(new Set(['ladder:7:1']));
    expect(ladderTimers({ ...power, ladder: 2 }, policyOf(estate, power))[0]?.ordering_key).not.toBe(lanes[0]);
  });

  it('fires what is due at once with the declaration, and leaves the rest to its timers', () => {
    const { decision, fired } = fireFirstLevels(estate, { ...power, channel: null });
    expect(fired).toBe(1);
    expect(decision.pages?.map((page) => [page.dedup_key, page.people])).toEqual([
      ['lifeboat/shop/nf7hzvpc/INC-7/1.0/on-call', ['ana']],
    ]);
    expect(decision.effects.map((effect) => effect.kind)).toEqual(['pager.send', 'message.post']);
    expect(fireFirstLevels({ ...estate, escalation_policies: {} }, power)).toMatchObject({ fired: 0 });
  });

  it('does not wait for a schedule: whom it wakes is found out by an effect of its own', () => {
    const roles = { ...estate.roles, 'on-call': { people: ['ana'], pagerduty_schedule: 'P1' } };
    const { decision } = fireFirstLevels({ ...estate, roles }, power);
    expect(decision.pages).toMatchObject([{ role: 'on-call', people: [] }]);
    expect(decision.effects.map(({ kind, queue }) => [kind, queue])).toEqual([
      ['pager.send', 'pages'],
      ['escalation.fire', 'escalation'],
    ]);
  });

  it('pages each role of a level over the pager and each of its people directly', () => {
    const decided = fire(2);
    expect(decided.pages?.map((page) => [page.dedup_key, page.people])).toEqual([
      ['lifeboat/shop/nf7hzvpc/INC-7/1.2/incident-commander', ['cleo', 'ben']],
      ['lifeboat/shop/nf7hzvpc/INC-7/1.2/on-call', ['ana']],
    ]);
    expect(keys(decided).filter((key) => key.startsWith('pager:'))).toEqual([
      'pager:lifeboat/shop/nf7hzvpc/INC-7/1.2/incident-commander:trigger',
      'pager:lifeboat/shop/nf7hzvpc/INC-7/1.2/on-call:trigger',
    ]);
    const direct = decided.effects
      .filter((each) => each.payload['template'] === 'page')
      .map((each) => each.payload['to']);
    expect(direct).toEqual(['U01CLEO', 'U01BEN', 'U01ANA']);
    expect(decided.effects.filter((each) => each.payload['to'] === '#leadership')).toHaveLength(1);
    expect(decided.events).toMatchObject([
      { kind: 'escalation.level_fired', data: { level: 2, notified: ['management'] } },
    ]);
  });

  it('invites whoever it pages; while there is no channel, the first invitation reads who was paged by then', () => {
    const invited = (channel: string | null) =>
      fireLevel(estate, { ...power, channel }, { ladder: 1, level: 2, ...plain })
        .effects.filter(({ kind }) => kind === 'channel.invite')
        .map(({ payload }) => payload['people']);
    expect(invited('C1')).toEqual([['cleo', 'ben', 'ana']]);
    expect(invited(null)).toEqual([]);
  });

  it('does not wake a role again that an earlier ladder woke, and still says that the level came', () => {
    const decided = fire(2, { paged: ['on-call', 'incident-commander'] });
    expect(decided.pages).toEqual([]);
    expect(decided.events[0]?.data['paged']).toEqual([]);
    expect(fire(2, { paged: ['on-call'] }).pages?.map((page) => page.role)).toEqual(['incident-commander']);
  });

  it('pages a role that nobody holds now: the pager has a schedule of its own', () => {
    const decided = fire(0, { holders: heldBy({}) });
    expect(decided.pages?.map((page) => page.people)).toEqual([[]]);
    expect(keys(decided)[0]).toBe('pager:lifeboat/shop/nf7hzvpc/INC-7/1.0/on-call:trigger');
  });

  it.each([
    ['somebody answered', { acknowledged_at: T0 }, 1],
    ['it is resolved', { state: 'resolved' as const }, 1],
    ['it is closed', { state: 'closed' as const }, 1],
    ['another ladder replaced it', { ladder: 2 }, 1],
    ['it is of no time', {}, 0],
  ])('stays quiet when %s', (_, over, ladder) => {
    const incident = { ...power, ...over };
    expect(isActive(incident, ladder)).toBe(false);
    expect(fireLevel(estate, incident, { ladder, level: 0, ...plain })).toEqual({ events: [], effects: [] });
  });

  it('has no level beyond its last, also when the estate shrank', () => {
    expect(fire(3)).toEqual({ events: [], effects: [] });
    expect(fire(-1)).toEqual({ events: [], effects: [] });
    expect(policyOf(anEstate({ escalation_policies: {} }), power)).toEqual([]);
  });

  it('stops with an answer and climbs again, under new names, when the severity rises', () => {
    const high = anIncident();
    const answered = { ...high, ...acknowledge(high, 'slack:U01ANA', [], later(1)).incident };
    expect(isActive(answered, 1)).toBe(false);
    const raised = {
      ...answered,
      ...changeSeverity(estate, answered, { to: 'P0', reason: null, actor: 'slack:U01ANA', wasPaged: true }, later(2))
        .incident,
    };
    expect([isActive(raised, 1), isActive(raised, 2)]).toEqual([false, true]);
    const again = fireLevel(estate, raised, { ladder: 2, level: 0, ...plain });
    expect(again.pages?.[0]?.dedup_key).toBe('lifeboat/shop/nf7hzvpc/INC-7/2.0/on-call');
    expect(keys(again).filter((key) => keys(fire(0)).includes(key))).toEqual([]);
  });

  it('decided twice intends everything once, and no two levels, ladders or incidents share a name', () => {
    expect(keys(fire(1))).toEqual(keys(fire(1)));
    const all = [0, 1, 2].flatMap((level) => keys(fire(level)));
    expect(new Set(all).size).toBe(all.length);
    const elsewhere = [0, 1, 2].flatMap((level) =>
      [
        fireLevel(estate, { ...power, id: 71 }, { ladder: 1, level, ...plain }),
        fireLevel(estate, { ...power, ladder: 11 }, { ladder: 11, level, ...plain }),
      ].flatMap(keys),
    );
    expect(elsewhere.filter((key) => all.includes(key))).toEqual([]);
  });

  it('wakes people for the first incident of a new database while the alert of another first one is still open', () => {
    const reborn = { ...power, declared_at: later(1) };
    const pages = (incident: typeof power) => [
      ...(fireLevel(estate, incident, { ladder: 1, level: 2, ...plain }).pages ?? []),
      manualPage(estate, incident, { role: 'on-call', people: [], text: null, nonce: '5' }),
    ];
    const open = pages(power).map((page) => page.dedup_key);
    expect(open).toHaveLength(3);
    expect(pages(reborn).filter((page) => open.includes(page.dedup_key))).toEqual([]);
    expect(pages(reborn).map((page) => roleIn(page.dedup_key))).toEqual(['incident-commander', 'on-call', 'on-call']);
  });

  it('has keys as short as PagerDuty takes them, with the longest names that an estate can have', () => {
    const long = 'x'.repeat(80);
    const incident = { ...power, id: 2 ** 31 - 1 };
    const page = manualPage(anEstate({ name: long }), incident, {
      ...{ role: long, people: [], text: null, nonce: String(2 ** 31 - 1) },
    });
    expect(page.dedup_key.length).toBeLessThanOrEqual(255);
  });
});

describe('pages and notices', () => {
  it('asked for by hand have a name of their own each time', () => {
    const page = (nonce: string) =>
      manualPage(estate, power, { role: 'on-call', people: ['ana', 'dan'], text: 'come', nonce });
    expect(page('5').dedup_key).toBe('lifeboat/shop/nf7hzvpc/INC-7/m5/on-call');
    expect(pageEffects(estate, power, page('5')).map((each) => each.key)).toEqual([
      'pager:lifeboat/shop/nf7hzvpc/INC-7/m5/on-call:trigger',
      'post:7:page:lifeboat/shop/nf7hzvpc/INC-7/m5/on-call:U01ANA',
    ]);
    expect(page('6').dedup_key).not.toBe(page('5').dedup_key);
  });

  it('keep one page’s triggers and answers in order, apart from other pages and notices', () => {
    const [pager, direct] = pageEffects(estate, power, fire(0).pages![0]!);
    expect(pager).toMatchObject({ queue: 'pages', ordering_key: 'page:lifeboat/shop/nf7hzvpc/INC-7/1.0/on-call' });
    expect(direct).toMatchObject({ queue: 'chat', ordering_key: 'to:U01ANA' });
  });

  it('reach each place in Slack once, and none where a text needs consent', () => {
    expect(slackTargets(estate, ['responders', 'management', 'customers', 'management', 'nowhere'])).toEqual([
      'incident',
      '#leadership',
    ]);
    // In the incident's own channel the card is the notification.
    expect(
      notices(estate, power, ['responders', 'management', 'management'], 'declared').map((each) => each.key),
    ).toEqual(['post:7:notice:declared:#leadership']);
  });
});
