import type { BenchServer } from './server.ts';
import { atRate, sendCommand } from './slack-request.ts';
import { spread } from './stats.ts';
import { startProgram, startSurroundings } from './world.ts';

const SECONDS = 30;

/** 1,000 declarations in 30 s: from sending each to the arrival of its first page at PagerDuty's endpoint. */
export async function benchDeclarations(server: BenchServer, scale: number) {
  const world = await startSurroundings();
  const env = { ...world.env, DATABASE_URL: await server.database('bench_declarations') };
  const lifeboat = await startProgram(['dist/src/cli.js', 'start'], env, '/readyz');
  const count = Math.ceil(1000 * scale);
  const arrivals = new Map<string, number>();
  world.pagerduty.pager.on('alert', ({ summary }) => {
    const title = /Bench \d+/.exec(summary)?.[0];
    if (title !== undefined && !arrivals.has(title)) arrivals.set(title, performance.now());
  });
  try {
    const sent = new Map<string, number>();
    const answers = await atRate(count / SECONDS, SECONDS, () => {
      const title = `Bench ${sent.size}`;
      sent.set(title, performance.now());
      return sendCommand(`${lifeboat.url}/slack/events`, world.slack.signingSecret, `declare P0 ${title}`);
    });
    const deadline = performance.now() + 60_000;
    while (arrivals.size < sent.size && performance.now() < deadline) await new Promise((done) => setTimeout(done, 50));
    const pages = [...arrivals].map(([title, at]) => at - (sent.get(title) ?? at));
    return {
      declarations: sent.size,
      pages_missing: sent.size - arrivals.size,
      answer: spread(answers),
      first_page: spread(pages),
      target: 'first_page p99 <= 2000 ms, none missing',
    };
  } finally {
    await lifeboat.stop();
    await world.stop();
  }
}
