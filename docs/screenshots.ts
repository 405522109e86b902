import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ROOT } from '../src/runtime/paths.ts';
import { launchChromium, openView } from '../test/support/chromium.ts';
import { actAs, approve, send } from '../test/support/page.ts';
import { startTestSandbox, type TestSandbox } from '../test/support/sandbox.ts';

/*
 * What `npm run screenshots` calls: plays an incident in a sandbox of its own and photographs the page. The README's
 * picture goes into docs/images; with a folder as argument every view goes there, large and as on a telephone.
 */

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const folder = process.argv[2];

const sandbox = await startTestSandbox();
const browser = await launchChromium();
try {
  await play(sandbox, browser);
} finally {
  await browser.close();
  await sandbox.stop();
}

async function play(sandbox: TestSandbox, browser: Browser): Promise<void> {
  const { page } = await openView(browser, sandbox.url, WIDE);
  await everyView(page, 'first-look');
  await tab(page, 'Estate');
  await sandbox.act({ as: 'U01ANA', do: 'break', service: 'api-gateway', how: 'kill' });
  await page.getByText('Not running').first().waitFor();
  await everyView(page, 'estate');
  await page.getByRole('button', { name: 'Shortcuts' }).click();
  await page.getByRole('menuitem', { name: 'Declare an incident' }).click();
  await page.getByLabel('What is broken?').fill('API gateway is down');
  await everyView(page, 'form');
  await page.keyboard.press('Escape');
  await send(page, '/dr declare P1 API gateway is down service:api-gateway');
  await page.getByRole('link', { name: /^dr-1-/ }).click();
  await tab(page, 'Phones');
  await page.getByText('Ringing').first().waitFor();
  await everyView(page, 'phones');
  await page.getByRole('button', { name: 'Acknowledge' }).last().click();
  await send(page, '/dr recover api-gateway');
  await page.getByRole('button', { name: 'Approve' }).waitFor({ timeout: 30_000 });
  await actAs(page, 'Cleo Diaz');
  await page.getByRole('button', { name: 'Close panel' }).click();
  await everyView(page, 'approval');
  await tab(page, 'Estate');
  await photograph(page, join(ROOT, 'docs/images/sandbox.png'));
  await approve(page);
  await page.getByText('succeeded').first().waitFor({ timeout: 30_000 });
  const request = (await sandbox.state()).workspace.messages.find(({ blocks }) =>
    JSON.stringify(blocks).includes('agreed'),
  );
  if (!request) throw new Error('the request for consent is gone');
  const thread = { channel: request.channel, thread: request.ts };
  await sandbox.act({ as: 'U01ANA', do: 'say', ...thread, text: 'Traffic is back, error rate under 0.1 %.' });
  await sandbox.act({
    as: 'U01CLEO',
    do: 'say',
    ...thread,
    text: 'Good. Watching it for five minutes, then we resolve.',
  });
  await page.goto(`${sandbox.url}/#/${request.channel}?thread=${request.ts}`);
  await page.getByText('Watching it').first().waitFor();
  await everyView(page, 'thread');
  await page.goto(`${sandbox.url}/#/${request.channel}`);
  await send(page, '/dr resolve The gateway was restarted');
  await page.getByText('INC-1 resolved').first().waitFor();
  for (const name of ['Tour', 'Inbox', 'Status', 'Wire']) {
    await tab(page, name);
    await everyView(page, name.toLowerCase());
  }
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await page.getByText('No incident is open').last().waitFor();
  await everyView(page, 'home');
}

function tab(page: Page, name: string): Promise<void> {
  return page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
}

/** The view as it stands, large and narrow, light and dark; nothing without a folder. */
async function everyView(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const [size, viewport] of [
    ['wide', WIDE],
    ['narrow', NARROW],
  ] as const) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await photograph(page, join(resolve(folder), `${name}-${size}-${colorScheme}.png`));
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function photograph(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
}
