import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { commandsReference } from '../../docs/commands-reference.ts';
import { estateReference } from '../../src/estate/reference.ts';
import { ROOT } from '../../src/runtime/paths.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe('the documents', () => {
  it('that are made from the code are current; `npm run docs` makes them', () => {
    expect(read('docs/commands.md')).toBe(commandsReference());
    expect(read('docs/estate.md')).toBe(estateReference());
  });

  it('name every command', () => {
    const headings = read('docs/commands.md').match(/^### `\/dr \w+/gm) ?? [];
    expect(headings.map((each) => each.slice('### `/dr '.length)).sort()).toEqual(
      commands.map(({ name }) => name).sort(),
    );
  });

  it('say only commands that exist', () => {
    const known = new Set(commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
    const said = DOCUMENTS.flatMap((path) =>
      [...read(path).matchAll(/`\/dr ([a-z-]+)/g)].map(([, verb = '']) => ({ path, verb })),
    );
    expect(said.length).toBeGreaterThan(20);
    expect(said.filter(({ verb }) => !known.has(verb))).toEqual([]);
  });

  it('explain every environment variable that the configuration reads, and no other', () => {
    const [, schema = ''] = /z\.object\(\{\n([\s\S]*?)\n\}\);/.exec(read('src/runtime/config.ts')) ?? [];
    const known = [...schema.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
    const documented = [...read('docs/operating.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(15);
    expect(documented.sort()).toEqual(known.sort());
  });

  it('link to files that exist', () => {
    const links = DOCUMENTS.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target = '']) => ({ path, target })),
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter(({ path, target }) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
  });

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const said = DOCUMENTS.flatMap((path) =>
      [...read(path).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    expect(said.filter((name) => !(name in scripts))).toEqual([]);
  });
});
