import { describe, expect, it } from 'vitest';
import { holdsRole, LIFEBOAT, mention, mentionPerson, personOf, slackActor } from '../../src/domain/estate/people.ts';
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
    ['pagerduty:PXXX', 'pagerduty:PXXX'],
    ['terminal:root', 'terminal:root'],
    [LIFEBOAT, 'Lifeboat'],
  ])('%s is shown as %s', (actor, shown) => {
    expect(mention(estate, actor)).toBe(shown);
  });

  it('shows a person by account, else by name, else by id', () => {
    expect(['ana', 'dan', 'eve'].map((person) => mentionPerson(estate, person))).toEqual(['<@U01ANA>', 'Dan', 'eve']);
  });

  it('knows who holds one of several roles', () => {
    const roles = ['secondary', 'incident-commander'];
    expect(['slack:U01BEN', 'slack:U01CLEO'].every((actor) => holdsRole(estate, actor, roles))).toBe(true);
    expect(holdsRole(estate, 'slack:U01ANA', roles)).toBe(false);
    expect(holdsRole(estate, 'slack:U01BEN', ['nowhere'])).toBe(false);
    expect(holdsRole(estate, 'slack:U01BEN', [])).toBe(false);
    expect(holdsRole(estate, 'slack:U0STRANGER', roles)).toBe(false);
  });
});
