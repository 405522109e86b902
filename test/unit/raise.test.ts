import { describe, expect, it } from 'vitest';
import { nextLadder } from '../../src/domain/escalation/raise.ts';
import { hasPassed, passRto, rtoTimers } from '../../src/domain/escalation/rto.ts';
import { anEstate, anIncident, heldBy, later, MINUTE, T0 } from '../support/domain-fixtures.ts';

const estate = anEstate();
const minutes = (at: Date | undefined): number => ((at?.getTime() ?? 0) - T0.getTime()) / MINUTE;
const raise = (over: Parameters<typeof anIncident>[0], wasPaged: boolean, at: number) => {
  const { patch, timers } = nextLadder(estate, anIncident(over), { to: 'P0', wasPaged }, later(at * MINUTE));
  return {
    patch,
    due: timers.map(({ due_at }) => minutes(due_at)),
    again: timers.map(({ payload }) => payload['again']),
  };
};

describe('a raise', () => {
  it('of an old incident that paged nobody begins with the first level’s own time', () => {
    expect(raise({ severity: 'P3' }, false, 600).due).toEqual([600, 605, 615]);
  });

  it('of an unanswered one goes on by the clock that ran, and pages whoever rings anew', () => {
    const { due, again, patch } = raise({ severity: 'P2' }, true, 20);
    expect(due).toEqual([0, 5, 15]);
    expect(again).toEqual([true, true, true]);
    expect(patch).toEqual({ ladder: 2, ladder_round: 0, ladder_from: null });
  });

  it('of an answered one goes on from where the clock stood', () => {
    const { due, patch } = raise(
      { severity: 'P2', acknowledged_at: later(2 * MINUTE), acknowledged_by: 'x' },
      true,
      60,
    );
    expect(due).toEqual([58, 63, 73]);
    expect(patch).toMatchObject({ acknowledged_at: null, acknowledged_by: null, unanswered_from: later(60 * MINUTE) });
  });

  it('is no fall: that keeps the clock, adopts what rings, and stays silent when somebody answered', () => {
    const fall = (over = {}) =>
      nextLadder(estate, anIncident({ severity: 'P0', ...over }), { to: 'P1', wasPaged: true }, later(20 * MINUTE));
    expect(fall().timers.map(({ due_at, payload }) => [minutes(due_at), payload['again']])).toEqual([
      [0, false],
      [30, false],
    ]);
    expect(fall({ acknowledged_at: later(1) }).timers).toEqual([]);
  });
});

describe('the end of the recovery time objective', () => {
  const open = anIncident({ severity: 'P0' });
  const end = later(60 * MINUTE);
  const pass = (holders: Record<string, string[]>, of = estate) =>
    passRto(of, open, { holders: heldBy(holders), ownKey: () => false });

  it('has one timer for each moment, and none once it was said', () => {
    expect(rtoTimers(estate, open)).toMatchObject([{ kind: 'rto.pass', queue: 'escalation', due_at: end }]);
    expect(rtoTimers(estate, { ...open, severity: 'P1' })).toEqual(rtoTimers(estate, open));
    expect(rtoTimers(estate, { ...open, rto_said: end })).toEqual([]);
  });

  it('is due only while the incident is open, once', () => {
    expect(hasPassed(estate, open, later(60 * MINUTE - 1))).toBe(false);
    expect(hasPassed(estate, open, end)).toBe(true);
    expect(hasPassed(estate, { ...open, state: 'resolved' }, end)).toBe(false);
    expect(hasPassed(estate, { ...open, rto_said: end }, later(61 * MINUTE))).toBe(false);
  });

  it('pages the commander, else the on-call, and says so in the channel', () => {
    const pages = (holders: Record<string, string[]>) => pass(holders).pages?.map(({ role, people }) => [role, people]);
    expect(pages({ 'incident-commander': ['cleo'], 'on-call': ['ana'] })).toEqual([['incident-commander', ['cleo']]]);
    expect(pages({ 'incident-commander': [], 'on-call': ['ana'] })).toEqual([['on-call', ['ana']]]);
    const decided = pass({ 'incident-commander': ['cleo'] });
    expect(decided.incident).toEqual({ rto_said: end });
    expect(decided.effects.map(({ kind, payload }) => [kind, payload['template'] ?? null])).toEqual([
      ['pager.send', null],
      ['message.post', 'page'],
      ['message.post', 'rto-passed'],
      ['channel.invite', null],
      ['card.render', null],
    ]);
  });

  it('gives the telephone number of a commander whom nothing reaches, and speaks where nobody is there', () => {
    const alone = anEstate({ roles: { 'incident-commander': { people: ['dan'] } } });
    const decided = pass({ 'incident-commander': ['dan'] }, alone);
    expect(decided.pages).toEqual([]);
    const said = decided.effects.find(({ payload }) => payload['template'] === 'rto-passed');
    expect(said?.payload['params']).toEqual({ unreached: ['incident-commander'], call: ['dan'] });
    expect(pass({}, anEstate({ roles: {} })).effects.map(({ kind }) => kind)).toEqual(['message.post', 'card.render']);
  });
});
