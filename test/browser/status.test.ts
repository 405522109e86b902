import { AxeBuilder } from '@axe-core/playwright';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicStatus, type PublicIncident } from '../../src/domain/incident/public-status.ts';
import { startWeb, type Web } from '../../src/web/server.ts';
import { chromiumAvailable, launchChromium } from '../support/chromium.ts';
import { aService, anEstate, anIncident, T0 } from '../support/domain-fixtures.ts';

const estate = anEstate({ services: { api: aService({ name: 'API' }), database: aService() } });
let browser: Browser;
let web: Web;
let incidents: PublicIncident[] = [];

describe.skipIf(!chromiumAvailable())('the status page in a browser', () => {
  beforeAll(async () => {
    web = await startWeb({
      ...{ port: 0, host: '127.0.0.1', log: pino({ level: 'silent' }), slack: undefined },
      pagerduty: () => Promise.resolve(202),
      status: () => Promise.resolve(publicStatus(estate, incidents, T0)),
    });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await web.stop();
  });

  it('renews itself without a reload, has no barrier, and says that it is old when it cannot', async () => {
    const page = await (await browser.newContext({ timezoneId: 'America/New_York' })).newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => problems.push(message.text()));
    await page.goto(`http://127.0.0.1:${web.port}/status`);
    await page.evaluate(`window.sameDocument = true`);
    const look = () => page.evaluate(`void dispatchEvent(new Event('lifeboat:look'))`);

    incidents = [anIncident({ service: 'api', severity: 'P0' })];
    await look();
    await page.getByRole('heading', { name: 'There is a major outage' }).waitFor();
    expect(await page.title()).toBe('There is a major outage');
    expect(await page.evaluate(`window.sameDocument`)).toBe(true);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id }) => id)).toEqual([]);
    }
    expect(problems).toEqual([]);

    const since = page.getByText('Since').locator('time').first();
    expect(await since.textContent()).toMatch(/^29 Feb, 18:50 (EST|GMT-5)$/);
    expect(await since.getAttribute('title')).toBe('29 Feb, 23:50 UTC');

    await page.context().setOffline(true);
    await look();
    await page.getByText('What it says may be out of date.').waitFor();
    await page.context().setOffline(false);
    incidents = [];
    await look();
    await page.getByRole('heading', { name: 'All services are operational' }).waitFor();
    expect(await page.getByText('out of date').count()).toBe(0);
  }, 90_000);
});
