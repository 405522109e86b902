import { jsonSchema } from '../src/estate/json-schema.ts';
import { USUAL } from '../src/init/answers.ts';
import { firstEstate } from '../src/init/first-estate.ts';

/** The JSON schemas that examples name, and examples/minimal, which is what `lifeboat init --yes` writes. */
export function startingFiles(): Record<string, string> {
  const minimal = Object.entries(firstEstate(USUAL, '../../docs/schema'));
  return {
    'docs/schema/estate.json': `${JSON.stringify(jsonSchema('estate'), null, 2)}\n`,
    'docs/schema/runbook.json': `${JSON.stringify(jsonSchema('runbook'), null, 2)}\n`,
    ...Object.fromEntries(minimal.map(([path, text]) => [`examples/minimal/${path}`, text])),
  };
}
