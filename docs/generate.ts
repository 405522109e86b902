import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { estateReference } from '../src/estate/reference.ts';
import { ROOT } from '../src/runtime/paths.ts';
import { commandsReference } from './commands-reference.ts';
import { startingFiles } from './starting-files.ts';

/* What `npm run docs` calls: writes the documents that are made from the code. A test compares them. */

const documents = { 'docs/commands.md': commandsReference(), 'docs/estate.md': estateReference(), ...startingFiles() };
for (const [path, text] of Object.entries(documents)) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
