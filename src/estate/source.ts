import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { foreignWords } from './foreign.ts';
import type { Problem } from './problem.ts';
import { findUnquoted } from './unquoted.ts';
import type { Words } from '../domain/schema/words.ts';

export type Path = readonly PropertyKey[];

/** A YAML file that was read, and the way back from a value to its line. */
export interface Source {
  file: string;
  raw: unknown;
  /** The problem, placed at the value under `path`, or at what exists of the path; `key` places it at the key. */
  problem(path: Path, words: Words, key?: string): Problem;
}

export type Read = { ok: true; source: Source } | { ok: false; problems: Problem[] };

/** Reads one YAML 1.2 document; duplicate keys, several documents and alias bombs are problems. */
export function readSource(file: string, text: string): Read {
  const lines = new LineCounter();
  const at = (offset: number, words: Words): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), ...words };
  };
  const foreign = foreignWords(file, text, parse(text, lines)[0]);
  if (foreign !== undefined) return { ok: false, problems: [at(0, foreign)] };
  const { found, rest } = findUnquoted(text, (each) => parse(each).flatMap(({ errors }) => errors).length);
  const [document, second] = parse(rest);
  if (document === undefined || document.contents === null) {
    return {
      ok: false,
      problems: [
        at(0, { message: 'the file is empty', rule: 'it holds one YAML map', fix: 'write the estate or runbook' }),
      ],
    };
  }
  const errors = [
    ...found.map(({ offset, ...words }) => at(offset, words)),
    ...[...document.errors, ...(second?.errors ?? [])].map((error) =>
      at(error.pos[0], {
        message: firstLine(error.message),
        rule: `YAML 1.2 (${error.code})`,
        fix: fixFor(error.code),
      }),
    ),
  ];
  if (second !== undefined) {
    const words = {
      message: 'a second document begins here',
      rule: 'one document for each file',
      fix: 'split the file',
    };
    errors.push(at(second.range[0], words));
  }
  errors.push(...forbiddenKeys(document, at));
  if (errors.length > 0) return { ok: false, problems: errors };
  try {
    const raw: unknown = document.toJS();
    return { ok: true, source: { file, raw, problem: (path, words, key) => at(locate(document, path, key), words) } };
  } catch (error) {
    const words = {
      message: firstLine(error instanceof Error ? error.message : String(error)),
      rule: 'aliases may repeat a node up to 100 times',
      fix: 'write it out',
    };
    return { ok: false, problems: [at(0, words)] };
  }
}

function parse(text: string, lineCounter?: LineCounter): Document.Parsed[] {
  const options = { strict: true, uniqueKeys: true, prettyErrors: false, ...(lineCounter && { lineCounter }) };
  const documents = parseAllDocuments(text, options);
  return 'empty' in documents ? [] : documents;
}

function forbiddenKeys(document: Document, at: (offset: number, words: Words) => Problem): Problem[] {
  const found: Problem[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return;
      found.push(
        at(key.range?.[0] ?? 0, {
          message: 'the key "__proto__" is reserved',
          rule: 'keys are plain names',
          fix: 'rename it',
        }),
      );
    },
  });
  return found;
}

/** The offset of the deepest node that exists along the path, or of the key `key` in the map found there. */
function locate(document: Document, path: Path, key?: string): number {
  let node: unknown = document.contents;
  for (const step of path) {
    const next: unknown = isCollection(node) ? node.get(step, true) : undefined;
    if (next === undefined || next === null) break;
    node = resolved(next, document);
  }
  if (key !== undefined && isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
    if (isScalar(pair?.key)) node = pair.key;
  }
  return (node as Node | null)?.range?.[0] ?? 0;
}

function resolved(node: unknown, document: Document): unknown {
  return (node as Node & { resolve?: (doc: Document) => unknown }).resolve?.(document) ?? node;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

function fixFor(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'keep one of the two';
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  return 'put values with : # { } [ ] or a leading @ in quotes, and check the indentation';
}
