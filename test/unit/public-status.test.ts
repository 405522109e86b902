import { describe, expect, it } from 'vitest';
import { publicStatus, type PublicIncident } from '../../src/domain/incident/public-status.ts';
import { statusPage, unknownPage } from '../../src/web/status-page.ts';
import { affectedSystems } from '../../templates/incident-words.ts';
import type { IncidentFacts } from '../../src/domain/incident/facts.ts';
import { aService, anEstate, anIncident, later, MINUTE, needsService, T0 } from '../support/domain-fixtures.ts';

const estate = anEstate({ services: { api: aService({ name: 'API' }), database: aService(), mail: aService() } });
const DAY = 24 * 60 * MINUTE;
const now = later(60 * MINUTE);

/** Only what the store reads; the words of the rest must not matter. */
const incident = (over: Partial<PublicIncident> = {}): PublicIncident => {
  const { severity, service, state, declared_at, resolved_at, next_update_due } = anIncident({
    service: 'api',
    ...over,
  });
  return { severity, service, state, declared_at, resolved_at, next_update_due };
};
const of = (...incidents: PublicIncident[]) => publicStatus(estate, incidents, now);
const states = (status: ReturnType<typeof of>) => status.services.map(({ name, state }) => `${name}: ${state}`);

const textOf = async (page: ReturnType<typeof unknownPage>) => (await page).toString();

describe('what the public sees', () => {
  it('is every service of the estate in its order, operational when no incident is open', () => {
    const status = of();
    expect(states(status)).toEqual(['API: operational', 'database: operational', 'mail: operational']);
    expect(status).toMatchObject({ state: 'operational', as_of: now, unknown: null, resolved: [] });
  });

  it.each([
    ['P0', 'major_outage'],
    ['P1', 'major_outage'],
    ['P2', 'partial_outage'],
    ['P3', 'degraded'],
  ] as const)('of an open %s is a %s of its service alone', (severity, state) => {
    expect(states(of(incident({ severity })))).toEqual([`API: ${state}`, 'database: operational', 'mail: operational']);
    expect(of(incident({ severity })).state).toBe(state);
  });

  it('of several incidents about a service is the worst, since the oldest, with the next word that is due', () => {
    const old = incident({ severity: 'P3', next_update_due: later(90 * MINUTE) });
    const bad = incident({ severity: 'P0', declared_at: later(30 * MINUTE), next_update_due: later(75 * MINUTE) });
    expect(of(bad, old).services[0]?.trouble).toEqual({
      ...{ state: 'major_outage', since: T0, next_update: later(75 * MINUTE) },
    });
  });

  it('says so when an incident names no service, or one that the estate no longer has', async () => {
    for (const service of [null, 'retired', 'toString']) {
      const status = of(incident({ service, severity: 'P2' }));
      expect(status.unknown).toEqual({ state: 'partial_outage', since: T0, next_update: null });
      expect(status.state).toBe('partial_outage');
      const page = await textOf(statusPage(status));
      expect(page).toContain('which services are affected is not known yet');
      expect(page).not.toMatch(/>Operational</);
    }
  });

  it('is what was resolved within seven days, newest first, with how long it took', () => {
    const ended = (ms: number, over: Partial<PublicIncident> = {}) =>
      incident({ state: 'resolved', declared_at: later(ms - 5 * MINUTE, now), resolved_at: later(ms, now), ...over });
    const { resolved, state } = of(
      ended(-7 * DAY, { service: null }),
      ended(-7 * DAY - 1),
      ended(-DAY, { state: 'closed', severity: 'P3', service: 'mail' }),
      ended(-2 * DAY),
    );
    expect(resolved.map(({ services, state, ms }) => [services, state, ms / MINUTE])).toEqual([
      [['mail'], 'degraded', 5],
      [['API'], 'major_outage', 5],
      [[], 'major_outage', 5],
    ]);
    expect(state).toBe('operational');
  });
});

describe('what depends on a service that is hit', () => {
  const shop = anEstate({
    services: {
      database: aService({ name: 'Database' }),
      api: aService({ name: 'API', depends_on: [needsService('database')] }),
      front: aService({ name: 'Front', depends_on: [needsService('api')] }),
      search: aService({ name: 'Search', depends_on: [needsService('database', 'weak')] }),
    },
  });
  const hit = incident({ service: 'database', severity: 'P2' });

  it('is hit as well where it cannot work without it, and only there', () => {
    const status = publicStatus(shop, [hit], now);
    expect(states(status)).toEqual([
      ...['Database: partial_outage', 'API: partial_outage', 'Front: partial_outage', 'Search: operational'],
    ]);
    const over = incident({ service: 'database', state: 'resolved', resolved_at: now });
    expect(publicStatus(shop, [over], now).resolved[0]?.services).toEqual(['Database', 'API', 'Front']);
  });

  it('is the same on the page as in the notice that people get', () => {
    const facts = { estate: shop, incident: anIncident({ service: 'database' }) } as IncidentFacts;
    const open = publicStatus(shop, [hit], now).services.filter(({ state }) => state !== 'operational');
    expect(affectedSystems(facts).match(/(Database|API|Front|Search) \(/g)).toEqual(
      open.map(({ name }) => `${name} (`),
    );
  });
});

describe('the page', () => {
  it('escapes names, and says when in UTC', async () => {
    const hostile = anEstate({ services: { api: aService({ name: '<img src=x onerror=alert(1)>' }) } });
    const page = await textOf(
      statusPage(publicStatus(hostile, [incident({ next_update_due: later(90 * MINUTE) })], now)),
    );
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toContain('<img');
    expect(page).toContain('There is a major outage');
    expect(page).toMatch(/Since\s+<time datetime="2028-02-29T23:50:00.000Z" data-precision="minute">29 Feb, 23:50 UTC/);
    expect(page).toMatch(/Next update by\s+<time datetime="2028-03-01T01:20:00.000Z" data-precision="minute">/);
    expect(page).toMatch(
      /As of\s+<time datetime="2028-03-01T00:50:00.000Z" data-precision="second">1 Mar, 00:50:00 UTC<\/time>, database clock/,
    );
  });

  it('says that an update is due once its time has come', async () => {
    expect(await textOf(statusPage(of(incident({ next_update_due: now }))))).toContain('An update is due now.');
  });

  it('claims nothing while the database is away', async () => {
    expect(await textOf(unknownPage())).toContain('cannot be told now');
    expect(await textOf(unknownPage())).not.toMatch(/operational|outage|as of/i);
  });
});
