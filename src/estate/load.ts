import { dirname } from 'node:path';
import { canonical, sha256 } from '../domain/canonical.ts';
import type { Estate, Runbook } from '../domain/estate/model.ts';
import type { Json } from '../domain/json.ts';
import { checkEstate } from './check-estate.ts';
import { checkRunbook } from './check-runbook.ts';
import { filesLike, readYaml } from './files.ts';
import { parseEstate, runbookPatterns } from './parse-estate.ts';
import { parseRunbook } from './parse-runbook.ts';
import type { Problem } from './problem.ts';
import type { Source } from './source.ts';

export type Loaded = { ok: true; estate: Estate; digest: string } | { ok: false; problems: Problem[] };

interface RunbookFile {
  runbook: Runbook;
  source: Source;
}

/**
 * Reads an estate and its runbooks: first the shape of every file, then every name and expression. Names are not
 * looked up while a shape is wrong. `digest` changes exactly when the meaning does, not with spaces or comments.
 */
export async function loadEstate(file: string): Promise<Loaded> {
  const problems: Problem[] = [];
  const read = await readYaml(file);
  if (!read.ok) return read;
  const estate = parseEstate(read.source, problems);
  const runbooks = await readRunbooks(read.source, problems);
  if (estate === undefined || problems.length > 0) return { ok: false, problems: inOrder(problems) };
  for (const { runbook, source } of runbooks) {
    if (Object.hasOwn(estate.runbooks, runbook.name)) {
      const words = {
        message: `two runbooks are called ${runbook.name}`,
        rule: 'names of runbooks differ',
        fix: 'rename one',
      };
      problems.push(source.problem(['name'], words));
    }
    estate.runbooks[runbook.name] = runbook;
  }
  checkEstate(estate, read.source, problems);
  for (const { runbook, source } of runbooks) checkRunbook(runbook, estate, source, problems);
  if (problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, estate, digest: sha256(canonical(JSON.parse(JSON.stringify(estate)) as Json)) };
}

async function readRunbooks(source: Source, problems: Problem[]): Promise<RunbookFile[]> {
  const found: RunbookFile[] = [];
  for (const pattern of runbookPatterns(source.raw)) {
    const files = await filesLike(dirname(source.file), pattern);
    if (files.length === 0) {
      const words = {
        message: `no file fits ${pattern}`,
        rule: 'the pattern is relative to the estate, with * in the last part only',
        fix: 'correct it or add a runbook',
      };
      problems.push(source.problem(['runbooks'], words));
    }
    for (const file of files) {
      const read = await readYaml(file);
      if (!read.ok) problems.push(...read.problems);
      const runbook = read.ok ? parseRunbook(read.source, problems) : undefined;
      if (read.ok && runbook !== undefined) found.push({ runbook, source: read.source });
    }
  }
  return found;
}

function inOrder(problems: Problem[]): Problem[] {
  const byFile = new Map<string, Problem[]>();
  for (const problem of problems) byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem]);
  return [...byFile.values()].flatMap((list) => list.sort((a, b) => a.line - b.line || a.column - b.column));
}
