import type { BenchServer } from './server.ts';
import { atRate, sendCommand } from './slack-request.ts';
import { spread } from './stats.ts';
import { startProgram, startSurroundings } from './world.ts';

const DECLARATIONS = 100;

/** From sending `/dr declare` to the page's arrival at PagerDuty's endpoint. */
export async function benchPages(server: BenchServer, scale: number) {
  const world = await startSurroundings();
  const database = await server.database('bench_pages');
  const lifeboat = await startProgram(
    ['dist/src/cli.js', 'start'],
    { ...world.env, DATABASE_URL: database },
    '/readyz',
  );
  try {
    const declare = async (): Promise<number> => {
      const title = `Bench ${(sent += 1)}`;
      const started = performance.now();
      const arrived = world.pagerduty.pager
        .waitFor((alert) => alert.summary.includes(`: ${title}.`), { timeout: 20_000 })
        .then(() => performance.now() - started);
      await sendCommand(`${lifeboat.url}/slack/events`, world.slack.signingSecret, `declare P0 ${title}`);
      return arrived;
    };
    let sent = 0;
    await atRate(2, 3, declare); // warm up
    return { ...spread(await atRate(4, (DECLARATIONS * scale) / 4, declare)), per_s: 4, target: 'p99 <= 60 ms' };
  } finally {
    await lifeboat.stop();
    await world.stop();
  }
}
