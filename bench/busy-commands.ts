import type { Estate } from '../src/domain/estate/model.ts';
import { openIncidents } from './open-incidents.ts';
import type { BenchServer } from './server.ts';
import { atRate, sendCommand } from './slack-request.ts';
import { spread } from './stats.ts';
import { startProgram, startSurroundings } from './world.ts';

const RATE = 100;
const SECONDS = 30;

/** Commands at 100/s for 30 s while 1,000 incidents are open; every third one writes. */
export async function benchBusyCommands(server: BenchServer, estate: Estate, scale: number) {
  const world = await startSurroundings();
  const url = await server.database('bench_busy');
  const channels = await openIncidents(url, estate, Math.ceil(1000 * scale));
  for (const [n, id] of channels.entries()) world.slack.workspace.addChannel({ id, name: `dr-${n + 1}-open` });
  const lifeboat = await startProgram(['dist/src/cli.js', 'start'], { ...world.env, DATABASE_URL: url }, '/readyz');
  const send = (text: string) => sendCommand(`${lifeboat.url}/slack/events`, world.slack.signingSecret, text);
  const dropped: unknown[] = [];
  let n = 0;
  const one = async (): Promise<number> => {
    const incident = `INC-${((n += 1) % channels.length) + 1}`;
    const text = n % 3 === 0 ? `note Looked at it ${incident}` : n % 3 === 1 ? `status ${incident}` : 'list';
    return send(text).catch((error: unknown) => {
      dropped.push(error);
      return Number.POSITIVE_INFINITY;
    });
  };
  try {
    await atRate(RATE / 4, 2, one); // warm up
    const answers = await atRate(RATE, Math.max(2, SECONDS * scale), one);
    const answered = answers.filter(Number.isFinite);
    return {
      open_incidents: channels.length,
      rate_per_s: RATE,
      answer: spread(answered),
      dropped: dropped.length,
      first_dropped: dropped.length === 0 ? '' : String(dropped[0]),
      target: 'p99 <= 500 ms, nothing dropped',
    };
  } finally {
    await lifeboat.stop();
    await world.stop();
  }
}
