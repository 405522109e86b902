import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { loadEstate } from '../src/estate/load.ts';
import { ROOT } from '../src/runtime/paths.ts';
import { benchBusyCommands } from './busy-commands.ts';
import { benchCadence } from './cadence.ts';
import { benchCommands } from './commands.ts';
import { benchDeclarations } from './declarations.ts';
import { benchHistory } from './history.ts';
import { benchIdle } from './idle.ts';
import { medianOf, type Figures } from './median.ts';
import { readOptions } from './options.ts';
import { benchPages } from './pages.ts';
import { benchSandbox } from './sandbox.ts';
import { benchSteps } from './steps.ts';
import { startServer, type BenchServer } from './server.ts';
import { benchTakeOver } from './take-over.ts';
import { benchTyping } from './typing.ts';

/*
 * Prints one JSON document with every figure beside its peer and target, each run several times. `npm run bench` runs all;
 * names pick some: `npm run bench -- steps commands`. `--scale 0.01 --times 1` only tries whether they work.
 */

const loaded = await loadEstate(join(ROOT, 'test/support/estates/small.yaml'));
if (!loaded.ok) throw new Error('the estate of the tests is refused');
const { estate } = loaded;

const BENCHES: Record<string, (server: BenchServer, scale: number) => Promise<Figures>> = {
  steps: (server, scale) => benchSteps(server, estate, scale),
  commands: benchCommands,
  'busy-commands': (server, scale) => benchBusyCommands(server, estate, scale),
  pages: benchPages,
  declarations: benchDeclarations,
  cadence: (server, scale) => benchCadence(server, estate, scale),
  'take-over': (server, scale) => benchTakeOver(server, estate, scale),
  idle: () => benchIdle(),
  sandbox: () => benchSandbox(),
  typing: () => benchTyping(),
  history: (server, scale) => benchHistory(server, estate, scale),
};

const { names, times, scale } = readOptions(process.argv.slice(2), Object.keys(BENCHES));
const figures: Record<string, unknown> = {
  machine: {
    processors: cpus().length,
    model: cpus()[0]?.model,
    node: process.version,
    load: loadavg()[0],
    scale,
    times,
  },
};
for (const [name, bench] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const runs: Figures[] = [];
  for (let index = 0; index < times; index += 1) {
    // A server of its own for each run: what one leaves in the cache or on the disk is none of the next one's.
    const server = await startServer();
    try {
      runs.push(await bench(server, scale));
    } finally {
      await server.stop();
    }
    process.stderr.write(`${name} ${index + 1}/${times}\n`);
  }
  figures[name] = medianOf(runs);
}
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
process.exit(0);
