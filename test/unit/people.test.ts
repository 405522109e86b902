import { describe, expect, it } from 'vitest';
import { holdsRole, holdersIn, resolveHolders } from '../../src/domain/estate/holders.ts';
import {
  isSamePerson,
  LIFEBOAT,
  mention,
  mentionPerson,
  personOf,
  slackActor,
} from '../../src/domain/estate/people.ts';
import { anEstate } from '../support/domain-fixtures.ts';

const estate = anEstate();

describe('people', () => {
  it.each([
    [slackActor('U01ANA'), 'ana'],
    ['pagerduty:PANA001', 'ana'],
    ['slack:PANA001', null],
    ['pagerduty:U01ANA', null],
    ['terminal:ana', null],
    ['slack:', null],
    ['slack', null],
    ['pagerduty:undefined', null],
    ['ana', null],
    [LIFEBOAT, null],
    ['', null],
    ['slack:u01ana', null],
  ])('%s is %s', (actor, person) => {
    expect(personOf(estate, actor)).toBe(person);
  });

  it.each([
    ['slack:U01ANA', '<@U01ANA>'],
    ['slack:U0STRANGER', '<@U0STRANGER>'],
    ['pagerduty:PANA001', '<@U01ANA>'],
    ['pagerduty:PXXX', 'somebody in PagerDuty'],
    ['pagerduty:PXXX:Zoe Park', 'Zoe Park'],
    ['pagerduty:PANA001:Ana Ito', '<@U01ANA>'],
    ['pagerduty', 'PagerDuty'],
    ['terminal:root', 'terminal:root'],
    [LIFEBOAT, 'Lifeboat'],
  ])('%s is shown as %s', (actor, shown) => {
    expect(mention(estate, actor)).toBe(shown);
  });

  it('shows a person by account, else by name, else by id', () => {
    expect(['ana', 'dan', 'eve'].map((person) => mentionPerson(estate, person))).toEqual(['<@U01ANA>', 'Dan', 'eve']);
  });

  it('knows one person by account, by the pager and by name', () => {
    expect(isSamePerson(estate, 'ana', 'slack:U01ANA')).toBe(true);
    expect(isSamePerson(estate, 'pagerduty:PANA001:Ana Ito', 'slack:U01ANA')).toBe(true);
    expect(isSamePerson(estate, 'pagerduty:PZOE:Zoe', 'pagerduty:PZOE:Zoe Park')).toBe(true);
    expect(isSamePerson(estate, 'pagerduty:PZOE:ana', 'ana')).toBe(false);
    expect(isSamePerson(estate, 'ben', 'slack:U01ANA')).toBe(false);
  });

  it('knows who holds one of several roles', () => {
    const holds = (actor: string, roles: string[]) =>
      holdsRole(estate, actor, roles, resolveHolders(estate, roles, [], {}));
    const roles = ['secondary', 'incident-commander'];
    expect(['slack:U01BEN', 'slack:U01CLEO'].every((actor) => holds(actor, roles))).toBe(true);
    expect(holds('slack:U01ANA', roles)).toBe(false);
    expect(holds('slack:U01BEN', ['nowhere'])).toBe(false);
    expect(holds('slack:U01BEN', [])).toBe(false);
    expect(holds('slack:U0STRANGER', roles)).toBe(false);
  });

  it('refuses to judge a role that was not looked up', () => {
    expect(() => holdsRole(estate, 'slack:U01BEN', ['secondary'], resolveHolders(estate, [], [], {}))).toThrow(
      /not looked up/,
    );
  });

  it('goes by the incident, else the schedule, else the list, and says why the list stands in', () => {
    const roles = { ...estate.roles, secondary: { people: ['ben'], pagerduty_schedule: 'P1' } };
    const scheduled = { ...estate, roles };
    const of = (...given: [Parameters<typeof resolveHolders>[2], Parameters<typeof resolveHolders>[3]]) =>
      holdersIn(resolveHolders(scheduled, ['secondary'], ...given), 'secondary');
    const named = { secondary: { kind: 'named' as const, people: ['pagerduty:PZOE:Zoe Park'] } };
    const assigned = [{ role: 'secondary', person: 'slack:U01ANA' }];
    expect(of(assigned, named)).toEqual({ people: ['ana'], source: 'incident' });
    expect(of([{ role: 'secondary', person: 'slack:U0GONE' }], named).source).toBe('schedule');
    expect(of([], named)).toEqual({ people: ['pagerduty:PZOE:Zoe Park'], source: 'schedule' });
    expect(of([], { secondary: { kind: 'unread', reason: 'HTTP 500' } })).toEqual({
      ...{ people: ['ben'], source: 'estate', note: 'the schedule cannot be read: HTTP 500' },
    });
    expect(of([], {})).toMatchObject({ people: ['ben'], source: 'estate', note: expect.any(String) });
  });
});
