import { mkdtemp, rm } from 'node:fs/promises';
import { quantile, round } from './stats.ts';
import { residentMb, startProgram, startSurroundings } from './world.ts';

const SETTLE_MS = 10_000;

/** Start to ready with the embedded PostgreSQL, first and second time, and memory of the idle bot without it. */
export async function benchIdle() {
  const world = await startSurroundings();
  const home = await mkdtemp('/var/tmp/lifeboat-bench-');
  const start = () => startProgram(['dist/src/cli.js', 'start'], { ...world.env, LIFEBOAT_HOME: home }, '/readyz');
  try {
    const first = await start();
    await first.stop();
    const second = await start();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const samples = [];
    for (let index = 0; index < 5; index += 1) {
      samples.push(residentMb(second.pid));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await second.stop();
    return {
      first_start_ms: round(first.ready_ms, 0),
      second_start_ms: round(second.ready_ms, 0),
      resident_mb: round(quantile(samples, 0.5), 0),
      target: 'second start <= 2000 ms, resident <= 130 MB',
    };
  } finally {
    await world.stop();
    await rm(home, { recursive: true, force: true });
  }
}
