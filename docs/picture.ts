import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from '../src/paths.ts';
import { examplePage } from './picture/example.ts';

/* What `npm run picture` calls: draws the README's picture from real messages, with Debian's Chromium. */

const html = await examplePage();

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  const view = await browser.newPage({ viewport: { width: 1100, height: 800 }, deviceScaleFactor: 1.5 });
  await view.setContent(html);
  await view.locator('main').screenshot({ path: join(ROOT, 'docs/images/incident.png'), omitBackground: true });
} finally {
  await browser.close();
}
