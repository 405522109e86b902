import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { launchChromium } from '../test/support/chromium.ts';
import { startTestSandbox } from '../test/support/sandbox.ts';
import { waitFor } from '../test/support/wait-for.ts';
import { quantile, round, spread } from './stats.ts';

const MESSAGES = 500;
const KEYS = 'the quick brown fox jumps over the lazy dog ';

/** From a keystroke to the frame that shows it, in a channel of 500 messages beside a bare text box, from traces. */
export async function benchTyping() {
  const sandbox = await startTestSandbox();
  const browser = await launchChromium();
  try {
    for (let n = 0; n < MESSAGES; n += 1) {
      const text = `*${n}* All quiet on \`api-gateway\`, <https://example.com/graph/${n}|graph> :eyes:`;
      await sandbox.act({ as: 'U01ANA', do: 'say', channel: '#general', text });
    }
    const ours = await typeIn(browser, async (page) => {
      await page.goto(sandbox.url);
      await page.getByText('499').first().waitFor();
      await drawAll(page);
      await page.getByRole('textbox', { name: /^Message / }).click();
    });
    const bare = await typeIn(browser, async (page) => {
      await page.setContent('<textarea autofocus rows="3" cols="60"></textarea>');
      await page.locator('textarea').click();
    });
    const ratio = round(quantile(ours, 0.5) / quantile(bare, 0.5));
    return { messages: MESSAGES, ours: spread(ours), bare: spread(bare), ratio_p50: ratio, target: 'p99 <= 50 ms' };
  } finally {
    await browser.close();
    await sandbox.stop();
  }
}

/** Scrolls up until every message is in the page, and down again. */
async function drawAll(page: Page): Promise<void> {
  const rows = page.getByRole('log').locator('[data-row]');
  const scroll = (top: number) => page.evaluate(`document.querySelector('.message-scroller').scrollTop = ${top}`);
  const drawn = async (): Promise<boolean> => {
    await scroll(0);
    return (await rows.count()) >= MESSAGES;
  };
  await waitFor('all messages to be drawn', drawn, { timeoutMs: 30_000, everyMs: 100 });
  await scroll(10_000_000);
}

/** Milliseconds of each keystroke, from the browser's own trace. */
async function typeIn(browser: Browser, open: (page: Page) => Promise<void>): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await open(page);
  const session = await page.context().newCDPSession(page);
  const events: unknown[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline'] },
  });
  for (const key of KEYS) {
    await page.keyboard.type(key);
    await page.waitForTimeout(60);
  }
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  await page.close();
  return latencies(events);
}

const KEY_DOWN = z.object({
  name: z.literal('EventTiming'),
  ph: z.literal('b'),
  args: z.object({ data: z.object({ type: z.literal('keydown'), duration: z.number() }) }),
});

/** EventTiming of each key that went down: its duration lasts from the keyboard to the frame on the screen, in ms. */
function latencies(events: unknown[]): number[] {
  return events.flatMap((event) => KEY_DOWN.safeParse(event).data?.args.data.duration ?? []);
}
