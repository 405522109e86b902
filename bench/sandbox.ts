import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../src/runtime/paths.ts';
import { freePort } from '../test/support/free-port.ts';
import { spawnProgram } from '../test/support/process.ts';
import { round } from './stats.ts';

/** From `npm start` to the printed address: with nothing built and nothing kept, and the second time. */
export async function benchSandbox() {
  const home = await mkdtemp('/var/tmp/lifeboat-bench-');
  chmodSync(home, 0o711); // PostgreSQL's user must pass
  for (const built of ['dist', 'packages/sandbox/dist']) rmSync(join(ROOT, built), { recursive: true, force: true });
  try {
    const [first, second] = [await startAndStop(home), await startAndStop(home)];
    return {
      first_start_ms: round(first, 0),
      second_start_ms: round(second, 0),
      target: 'first start after npm ci <= 10000 ms with the build, second <= 5000 ms',
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Milliseconds until it was ready; ended by the signal of Ctrl+C. */
async function startAndStop(home: string): Promise<number> {
  const began = performance.now();
  const env = { LIFEBOAT_HOME: home, PORT: String(await freePort()) };
  const npm = spawnProgram(join(ROOT, 'bench/npm-start.mjs'), [], { env, cwd: ROOT });
  await npm.line(/^Ready after/, 60_000);
  const took = performance.now() - began;
  npm.signal('SIGTERM');
  await npm.exit(30_000);
  return took;
}
