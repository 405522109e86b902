import type { BenchServer } from './server.ts';
import { atRate, sendCommand } from './slack-request.ts';
import { quantile, round, spread } from './stats.ts';
import { startProgram, startSurroundings } from './world.ts';

const RATE = 50;
const SECONDS = 30;
const TURNS = 5;

/** Answers to slash commands at 50/s for 30 s, beside a bare Bolt handler on the same receiver; turns alternate. */
export async function benchCommands(server: BenchServer, scale: number) {
  const world = await startSurroundings();
  const database = await server.database('bench_commands');
  const lifeboat = await startProgram(
    ['dist/src/cli.js', 'start'],
    { ...world.env, DATABASE_URL: database },
    '/readyz',
  );
  const bare = await startProgram(['--import', 'tsx', 'bench/bare-bolt.ts'], world.env, '/');
  const secret = world.slack.signingSecret;
  const send = (url: string, text: string) => sendCommand(`${url}/slack/events`, secret, text);
  try {
    await send(lifeboat.url, 'declare P3 Bench');
    const [status, note, peer]: [number[], number[], number[]] = [[], [], []];
    await atRate(RATE, 2, () => send(bare.url, 'status')); // all warm up
    await atRate(RATE, 2, () => send(lifeboat.url, 'note warm'));
    for (let turn = 0; turn < TURNS; turn += 1) {
      const seconds = (SECONDS * scale) / TURNS;
      peer.push(...(await atRate(RATE, seconds, () => send(bare.url, 'status'))));
      note.push(...(await atRate(RATE, seconds, () => send(lifeboat.url, 'note Looked at the switch'))));
      status.push(...(await atRate(RATE, seconds, () => send(lifeboat.url, 'status'))));
    }
    const ratio = (samples: number[]) => round(quantile(samples, 0.99) / quantile(peer, 0.99));
    return {
      rate_per_s: RATE,
      seconds_each: SECONDS * scale,
      bare_bolt: spread(peer),
      note: { ...spread(note), p99_ratio: ratio(note) },
      status: { ...spread(status), p99_ratio: ratio(status) },
      target: 'p99_ratio <= 1.5',
    };
  } finally {
    await Promise.all([lifeboat.stop(), bare.stop()]);
    await world.stop();
  }
}
