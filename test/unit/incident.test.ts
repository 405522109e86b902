import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/domain/effect/decision.ts';
import type { EffectIntent } from '../../src/domain/effect/effect.ts';
import { channelName, label, rtoDue } from '../../src/domain/incident/incident.ts';
import {
  acknowledge,
  changeSeverity,
  channelOpened,
  declare,
  postUpdate,
} from '../../src/domain/incident/decisions.ts';
import { close, resolve } from '../../src/domain/incident/ending.ts';
import type { SeverityId } from '../../src/domain/estate/model.ts';
import { anEstate, anIncident, aService, later, MINUTE, T0 } from '../support/domain-fixtures.ts';

const estate = anEstate({ services: { api: aService({ owner: 'database' }) } });
const ANA = 'slack:U01ANA';

const kinds = ({ effects }: Decision): string[] => effects.map((each) => each.kind);
const posts = ({ effects }: Decision): string[] =>
  effects
    .filter((each) => each.kind === 'message.post')
    .map(({ payload }) =>
      `${JSON.stringify(payload['template'])}→${JSON.stringify(payload['to'])}`.replaceAll('"', ''),
    );
const timers = ({ effects }: Decision, kind: EffectIntent['kind']): number[] =>
  effects.filter((each) => each.kind === kind).map((each) => each.due_at!.getTime() - T0.getTime());

describe('the name of a channel', () => {
  it.each([
    [7, 'Primary site lost power', 'dr-7-primary-site-lost-power'],
    [7, 'Ärger mit Übertragung: 50 % weg!', 'dr-7-arger-mit-ubertragung-50-weg'],
    [7, '🔥🔥🔥', 'dr-7-incident'],
    [7, '', 'dr-7-incident'],
    [7, '   ', 'dr-7-incident'],
    [7, '停電', 'dr-7-incident'],
    [7, '---__--', 'dr-7-incident'],
    [7, 'DB 🔥 down', 'dr-7-db-down'],
    [7, 'ﬁle №5 ②', 'dr-7-file-no5-2'],
    [12345, `${'a'.repeat(47)} b`, `dr-12345-${'a'.repeat(47)}-b`.slice(0, 60)],
    [7, `${'a'.repeat(54)} b`, `dr-7-${'a'.repeat(54)}`],
  ])('of %i, %s is %s', (id, title, name) => {
    expect(channelName(id, title)).toBe(name);
  });

  it('is one that Slack takes for any title, always the same, and never that of another incident', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (title, id, other) => {
          const name = channelName(id, title);
          expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*[a-z0-9]$/);
          expect(name.length).toBeLessThanOrEqual(80);
          expect(channelName(id, title)).toBe(name);
          if (other !== id) expect(channelName(other, title)).not.toBe(name);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('and the words of people name an incident by its number', () => {
    expect(label(7)).toBe('INC-7');
    expect(rtoDue(anIncident(), 60 * MINUTE)).toEqual(later(60 * MINUTE));
  });
});

describe('declaring', () => {
  const declared = declare(estate, anIncident({ severity: 'P0', service: 'api', chain_seq: 0 }));

  it('asks for the channel and the card before anything else that is shown', () => {
    expect(kinds(declared).slice(0, 3)).toEqual(['channel.open', 'card.post', 'message.post']);
  });

  it('invites everybody whom the policy may page and the owner of the service, each once', () => {
    const incident = anIncident({ severity: 'P0', service: 'api', channel: null });
    const opened = channelOpened(estate, incident, { channel: 'C1', name: 'dr-7' });
    expect(kinds(opened)).toEqual(['channel.topic', 'channel.invite']);
    const invited = opened.effects.find((each) => each.kind === 'channel.invite')?.payload['people'];
    expect(invited).toEqual(['ana', 'ben', 'cleo', 'dan']);
  });

  it('tells the audiences that need no consent, starts the timers of later levels and promises the first update', () => {
    expect(posts(declared)).toEqual(['incident-notification→#leadership', 'page→U01ANA']);
    expect(timers(declared, 'escalation.fire')).toEqual([5 * MINUTE, 15 * MINUTE]);
    expect(timers(declared, 'cadence.fire')).toEqual([15 * MINUTE]);
    const told = ['responders', 'management', 'customers'];
    expect(declared.incident).toEqual({ update_slot: 1, next_update_due: later(15 * MINUTE), told });
    expect(declared.events.map((each) => each.kind)).toEqual(['incident.declared', 'escalation.level_fired']);
  });
});

describe('answering', () => {
  it('stops the ladder once and tells the pager for each open page', () => {
    const decided = acknowledge(anIncident(), ANA, ['p1', 'p2'], later(9000));
    expect(decided.incident).toEqual({ acknowledged_at: later(9000), acknowledged_by: ANA });
    expect(decided.effects.map((each) => each.key).slice(0, 2)).toEqual([
      `pager:p1:acknowledge:${anIncident().chain_seq}`,
      `pager:p2:acknowledge:${anIncident().chain_seq}`,
    ]);
    expect(decided.events[0]?.data).toEqual({ after_ms: 9000, pages: ['p1', 'p2'] });
  });

  it('later on answers the pages that are still open, and says so to the pager', () => {
    const answered = anIncident({ acknowledged_at: later(1) });
    const decided = acknowledge(answered, ANA, ['lifeboat/shop/nf7hzvpc/INC-7/m9/database'], later(9000));
    expect(decided.incident).toBeUndefined();
    expect(decided.effects[0]?.key).toMatch(/^pager:lifeboat\/shop\/nf7hzvpc\/INC-7\/m9\/database:acknowledge:/);
    expect(decided.events).toMatchObject([{ kind: 'page.acknowledged', actor: ANA, data: { role: 'database' } }]);
    expect(acknowledge(answered, ANA, [], later(9000))).toEqual({ events: [], effects: [] });
  });

  it.each([{ state: 'resolved' as const }, { state: 'closed' as const }])('changes nothing when it is %o', (over) => {
    expect(acknowledge(anIncident(over), ANA, ['p1'], later(9000))).toEqual({ events: [], effects: [] });
  });
});

describe('another severity', () => {
  const change = (to: SeverityId, over: Parameters<typeof anIncident>[0] = {}): Decision =>
    changeSeverity(
      estate,
      anIncident({ ladder: 2, cadence: 5, ...over }),
      { to, reason: 'worse', actor: ANA, wasPaged: true },
      later(7 * MINUTE),
    );

  it('that is higher goes on with the clock, which stood still during the answer, a new cadence from now, and asks for an answer again', () => {
    const decided = change('P0', { acknowledged_at: later(MINUTE), acknowledged_by: ANA });
    expect(decided.incident).toMatchObject({
      severity: 'P0',
      ladder: 3,
      cadence: 6,
      update_slot: 1,
      acknowledged_at: null,
      acknowledged_by: null,
    });
    expect(timers(decided, 'escalation.fire')).toEqual([6 * MINUTE, 11 * MINUTE, 21 * MINUTE]);
    expect(timers(decided, 'cadence.fire')).toEqual([22 * MINUTE]);
    expect(decided.effects.filter((each) => each.kind === 'escalation.fire').map((each) => each.key)).toEqual([
      'ladder:7:3:0',
      'ladder:7:3:1',
      'ladder:7:3:2',
    ]);
  });

  it('that is lower leaves an answer as it is and wakes nobody', () => {
    const decided = change('P2', { acknowledged_at: later(MINUTE) });
    expect(decided.incident).not.toHaveProperty('acknowledged_at');
    expect(timers(decided, 'escalation.fire')).toEqual([]);
    expect(timers(decided, 'cadence.fire')).toEqual([127 * MINUTE]);
  });

  it('that is lower and unanswered climbs the new ladder', () => {
    expect(timers(change('P3'), 'escalation.fire')).toEqual([0]);
  });

  it('tells whoever knew of the change, and whoever did not know of the incident', () => {
    expect(posts(change('P1', { severity: 'P2' }))).toEqual([
      'severity-changed→incident',
      'incident-notification→#leadership',
    ]);
    expect(posts(change('P2'))).toEqual(['severity-changed→incident', 'severity-changed→#leadership']);
    expect(change('P2').incident?.told).toEqual(['responders', 'management']);
  });

  it('that is lower leaves whoever was told among the readers of updates and of the end', () => {
    const lowered = anIncident({ severity: 'P2', told: ['responders', 'management'] });
    const update = { key: 'update:1:1', text: 'half is back', actor: ANA, data: {} };
    expect(posts(postUpdate(estate, lowered, update))).toContain('status-update→#leadership');
    const end = resolve(estate, lowered, { actor: ANA, summary: 'Lit', openPages: [] }, later(9000));
    expect(posts(end)).toContain('recovery-notification→#leadership');
    expect(posts(postUpdate(estate, { ...lowered, told: [] }, update))).toEqual(['status-update→incident']);
  });
});

describe('updates and the end', () => {
  it('go once to each reader and keep a written text for the card', () => {
    const update = { key: 'update:1:1', text: 'half is back', actor: ANA, data: { missed: 0 } };
    const decided = postUpdate(estate, anIncident(), update);
    expect(posts(decided)).toEqual(['status-update→incident', 'status-update→#leadership']);
    expect(decided.incident).toEqual({ last_update: 'half is back' });
    const automatic = postUpdate(estate, anIncident(), { ...update, text: null });
    expect(automatic).not.toHaveProperty('incident');
    const waiting = automatic.effects.filter((each) => each.kind === 'update.post').map((each) => each.coalesce_key);
    expect(waiting).toEqual(['update:7:incident', 'update:7:#leadership']);
  });

  it('resolve the pages, stop the promise and tell everybody who was told', () => {
    const decided = resolve(
      estate,
      anIncident(),
      { actor: ANA, summary: 'power is back', openPages: ['p1'] },
      later(9000),
    );
    expect(decided.incident).toMatchObject({ state: 'resolved', resolution: 'power is back', next_update_due: null });
    expect(decided.effects[0]?.key).toBe('pager:p1:resolve');
    expect(posts(decided)).toEqual([
      'recovery-notification→incident',
      'recovery-notification→#leadership',
      'recovery-details→incident',
    ]);
    expect(timers(decided, 'cadence.fire')).toEqual([]);
  });

  it('close shows the end and archives last', () => {
    const decided = close(anIncident({ state: 'resolved' }), ANA, later(9000));
    expect(decided.incident).toEqual({ state: 'closed', closed_at: later(9000) });
    expect(kinds(decided).at(-1)).toBe('channel.archive');
  });
});

describe('whatever is decided', () => {
  it('is named so that deciding it twice intends it once, and deciding two things intends both', () => {
    const incident = anIncident();
    const all = (at: typeof incident): Decision[] => [
      declare(estate, at),
      acknowledge(at, ANA, ['p1'], later(1)),
      changeSeverity(estate, at, { to: 'P0', reason: null, actor: ANA, wasPaged: true }, later(1)),
      resolve(estate, at, { actor: ANA, summary: 's', openPages: ['p1'] }, later(1)),
      close(at, ANA, later(1)),
    ];
    const keys = (at: typeof incident): string[][] => all(at).map(({ effects }) => effects.map((each) => each.key));
    for (const own of keys(incident)) expect(new Set(own).size).toBe(own.length);
    expect(keys(incident)).toEqual(keys({ ...incident }));
    const different = keys(incident)
      .flat()
      .filter((key) => !key.startsWith('rto:')); // one moment, however often it is planned
    expect(new Set(different).size).toBe(different.length);
    const others = keys({ ...incident, id: 77 })
      .flat()
      .filter((key) => !key.startsWith('pager:'));
    expect(others.filter((key) => keys(incident).flat().includes(key))).toEqual([]);
  });
});
