import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';

/** The first is the same engine without a window and what belongs to one; it takes half of the processor's time. */
const PROGRAMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const program = PROGRAMS.find((file) => existsSync(file));

/**
 * For `describe.skipIf(!chromiumAvailable())`: false, with a line that says what to install, if Chromium is missing.
 * @throws Error when CI=true, where nothing may be skipped silently
 */
export function chromiumAvailable(): boolean {
  if (program !== undefined) return true;
  const hint = 'Chromium is missing: install it (apt-get install chromium-headless-shell, or chromium)';
  if (process.env.CI === 'true') throw new Error(`${hint}.`);
  console.warn(`${hint} to run the tests in the browser; they are skipped.`);
  return false;
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: program ?? 'chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });

export interface View {
  page: Page;
  /** What the page complained of: console errors, uncaught exceptions, requests that were refused. */
  complaints: string[];
}

/** Opens a page and listens to what it complains of. */
export async function openView(browser: Browser, url: string, size = { width: 1440, height: 900 }): Promise<View> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('close', () => void context.close().catch(() => undefined)); // the browser may close first
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/** Serious and critical violations of accessibility, one line each. */
export async function violations(page: Page): Promise<string[]> {
  // Without frames the page itself can say all of it; else axe opens another for each look.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations: found } = await axe.analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    );
}
