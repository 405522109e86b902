import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchChromium } from '../test/support/chromium.ts';
import { startTestSandbox } from '../test/support/sandbox.ts';
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
  const log = page.getByRole('log');
  while ((await log.locator('[data-row]').count()) < MESSAGES) {
    await log.locator('[data-row]').first().scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, -20_000);
  }
  await log.locator('[data-row]').last().scrollIntoViewIfNeeded();
}

/** Milliseconds of each keystroke, from the browser's own trace. */
async function typeIn(browser: Browser, open: (page: Page) => Promise<void>): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await open(page);
  const session = await page.context().newCDPSession(page);
  const events = trace(session);
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'latencyInfo', 'benchmark', 'cc', 'input'] },
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

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  id2?: { local?: string };
  args?: { event_latency?: { event_type?: string } };
}

function trace(session: CDPSession): TraceEvent[] {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  return events;
}

/** EventLatency spans of keys that led to a frame, in ms; trace times are in µs. */
function latencies(events: TraceEvent[]): number[] {
  const spans = events.filter(({ name }) => name === 'EventLatency');
  const ends = new Map(spans.filter(({ ph }) => ph === 'e').map((each) => [each.id2?.local, each.ts]));
  return spans
    .filter(({ ph, args }) => ph === 'b' && /KEY|CHAR/.test(args?.event_latency?.event_type ?? ''))
    .flatMap(({ ts, id2 }) => {
      const end = ends.get(id2?.local);
      return end === undefined ? [] : [(end - ts) / 1000];
    });
}
