import { join } from 'node:path';
import { loadEstate } from '../src/estate/load.ts';
import { ROOT } from '../src/runtime/paths.ts';
import { benchCommands } from './commands.ts';
import { benchIdle } from './idle.ts';
import { benchPages } from './pages.ts';
import { benchSandbox } from './sandbox.ts';
import { benchSteps } from './steps.ts';
import { startServer } from './server.ts';
import { benchTyping } from './typing.ts';

/*
 * Prints one JSON document with every figure beside its peer and target. `npm run bench` runs all; names pick some:
 * `npm run bench -- steps commands`.
 */

const loaded = await loadEstate(join(ROOT, 'examples/erlmcp/estate.yaml'));
if (!loaded.ok) throw new Error('the example estate is refused');
const { estate } = loaded;
const wanted = process.argv.slice(2);
const figures: Record<string, unknown> = {};
const server = await startServer();
try {
  const benches = {
    steps: () => benchSteps(server, estate),
    commands: () => benchCommands(server),
    pages: () => benchPages(server),
    idle: () => benchIdle(),
    sandbox: () => benchSandbox(),
    typing: () => benchTyping(),
  };
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length === 0 || wanted.includes(name)) figures[name] = await bench();
  }
} finally {
  await server.stop();
}
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
process.exit(0);
