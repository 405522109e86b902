import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startingFiles } from '../../docs/starting-files.ts';
import { jsonSchema } from '../../src/estate/json-schema.ts';
import { ROOT } from '../../src/runtime/paths.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const EXAMPLES = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .map((path) => `examples/${path}`);

const ajv = new Ajv({ allErrors: true, unknownFormats: 'ignore' });
const judges = { estate: ajv.compile(jsonSchema('estate')), runbook: ajv.compile(jsonSchema('runbook')) };
const errorsIn = (kind: keyof typeof judges, value: unknown): string[] => {
  judges[kind](value);
  return (judges[kind].errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
};

describe('the JSON schemas for editors', () => {
  it('and examples/minimal are current; `npm run docs` makes them', () => {
    for (const [path, text] of Object.entries(startingFiles())) expect(read(path), path).toBe(text);
  });

  it.each([...EXAMPLES, 'test/support/estates/small.yaml', 'test/support/estates/runbooks/restart-api.yaml'])(
    'find nothing wrong with %s, which the check takes too',
    (path) => {
      expect(errorsIn(path.includes('runbooks/') ? 'runbook' : 'estate', parse(read(path)))).toEqual([]);
    },
  );

  it.each(EXAMPLES)('are named in the first line of %s', (path) => {
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(path)) ?? [];
    const kind = path.includes('runbooks/') ? 'runbook' : 'estate';
    expect(resolve(ROOT, dirname(path), schema)).toBe(join(ROOT, `docs/schema/${kind}.json`));
  });

  it('see an unknown key, a duration without a unit, and what an action does not take', () => {
    const step = { id: 'a', uses: 'http', with: { url: 'http://x', methd: 'PUT' }, timeout: '15' };
    const found = errorsIn('runbook', { name: 'x', description: 'y', steps: [step], stps: [] }).join('\n');
    expect(found).toMatch(/should NOT have additional properties/);
    expect(found).toMatch(/steps\[0\]\.timeout should match pattern/);
    expect(found).toMatch(/steps\[0\]\.with should NOT have additional properties/);
  });
});
