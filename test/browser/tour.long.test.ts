import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumAvailable, launchChromium, openView, violations, type View } from '../support/chromium.ts';
import { actAs, approve, send } from '../support/page.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { waitFor } from '../support/wait-for.ts';

describe.skipIf(!chromiumAvailable())('the tour in the browser', () => {
  let sandbox: TestSandbox;
  let browser: Browser;
  let view: View;
  let page: Page;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
    browser = await launchChromium();
    view = await openView(browser, sandbox.url);
    page = view.page;
  }, 180_000);
  afterAll(async () => {
    try {
      await browser.close();
    } finally {
      await sandbox.stop();
    }
  });
  afterEach(() => expect(view.complaints).toEqual([]));

  const panel = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  const ticked = async () => (await sandbox.state()).tour.filter(({ done }) => done).map(({ id }) => id);
  const tick = (id: string) =>
    waitFor(`the tick of ${id}`, async () => (await ticked()).includes(id as 'break'), { timeoutMs: 40_000 });

  test('begins with a workspace in which nobody has written, and six steps', async () => {
    await page.getByRole('heading', { name: 'general' }).waitFor();
    expect(await page.getByText('Step 1 of 6.').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  }, 60_000);

  test('breaks the gateway, and its tile turns red because it is down', async () => {
    await panel('Estate');
    await page.getByRole('button', { name: /^Break API gateway/ }).click();
    await page.getByRole('button', { name: /^Kill it/ }).click();
    await tick('break');
    expect(await violations(page)).toEqual([]);
    // A process that is being killed is there for a moment more.
    await waitFor('the tile of a process that is gone', async () => {
      const tile = (await sandbox.state()).services.find(({ id }) => id === 'api-gateway');
      expect(tile).toMatchObject({ health: 'down', broken: 'kill', pid: null });
      return true;
    });
  }, 60_000);

  test('declares, and a channel opens in which everybody finds what is known', async () => {
    await send(page, '/dr declare P1 API gateway is down service:api-gateway');
    await tick('declare');
    // The answer leads to the channel; the side bar has it too.
    await page
      .getByRole('log')
      .getByRole('button', { name: /dr-1-api-gateway-is-down/ })
      .click();
    await page.getByText('INC-1', { exact: false }).first().waitFor();
    await page.getByRole('region', { name: 'Tour' }).getByRole('button', { name: 'Open Phones' }).click();
    await page
      .getByRole('button', { name: /^Acknowledge/ })
      .first()
      .click();
    await tick('acknowledge');
    expect(await violations(page)).toEqual([]);
  }, 60_000);

  test('recovers with consent of somebody else, and a reload in the middle loses nothing', async () => {
    await send(page, '/dr recover api-gateway');
    await tick('recover');
    await page.getByRole('button', { name: 'Approve' }).first().waitFor({ timeout: 30_000 });
    await page.reload(); // the place and everything in it are still there
    await page.getByRole('button', { name: 'Approve' }).first().waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('dr-1-api-gateway-is-down');
    await approve(page);
    await page
      .getByText(/who asked|cannot approve|not.*your own/i)
      .first()
      .waitFor(); // Ana asked
    await actAs(page, 'Cleo Diaz');
    await approve(page);
    await tick('approve');
    await waitFor(
      'a gateway that is well',
      async () => (await sandbox.state()).services.find(({ id }) => id === 'api-gateway')?.health === 'up',
      { timeoutMs: 40_000 },
    );
    const over = async () =>
      (await sandbox.state()).workspace.messages.some(({ text }) => /^Run 1 .* succeeded/.test(text));
    await waitFor('the run to end: before that nobody may resolve', over, { timeoutMs: 20_000 });
  }, 120_000);

  test('resolves, and the tour is done', async () => {
    await send(page, '/dr resolve The gateway was restarted');
    await tick('resolve');
    await panel('Tour');
    await waitFor('six ticks', async () => (await ticked()).length === 6);
    await waitFor('the page to end', async () =>
      (await sandbox.state()).phones.every(({ status }) => status === 'resolved'),
    );
    expect(await violations(page)).toEqual([]);
  }, 60_000);

  test('loses nothing that was typed: in a form over a reload, and in words that Slack does not take', async () => {
    await send(page, '/dr declare');
    const title = page.getByRole('dialog').getByRole('textbox').first();
    await title.fill('Power lost');
    await page.reload();
    await title.waitFor();
    expect(await title.inputValue()).toBe('Power lost');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await title.waitFor({ state: 'detached' });

    await sandbox.act({ as: 'U01ANA', do: 'surrounding', id: 'slack', up: false });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/act', async (route) => {
      await released;
      await route.continue();
    });
    await send(page, 'Is anybody there?');
    await page.getByRole('link', { name: /general/ }).click();
    await page.getByRole('heading', { name: 'general' }).waitFor();
    release();
    await page.unrouteAll({ behavior: 'wait' });
    await page
      .getByRole('status', { name: 'Notices' })
      .getByText(/Slack is away.*still in #dr-1-/)
      .waitFor();
    await page.getByRole('link', { name: /dr-1-api-gateway-is-down/ }).click();
    const box = page.getByRole('textbox', { name: /^Message #dr-1-/ });
    await waitFor('the words', async () => (await box.inputValue()) === 'Is anybody there?');
  }, 60_000);
});
