import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estateReference } from '../src/estate/reference.ts';
import { ROOT } from '../src/runtime/paths.ts';
import { commandsReference } from './commands-reference.ts';

/* What `npm run docs` calls: writes the documents that are made from the code. A test compares them. */

writeFileSync(join(ROOT, 'docs/commands.md'), commandsReference());
writeFileSync(join(ROOT, 'docs/estate.md'), estateReference());
