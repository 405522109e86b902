import { dirname } from 'node:path';
import { canonical, sha256 } from '../domain/canonical.ts';
import type { Estate, Runbook } from '../domain/estate/model.ts';
import type { Json } from '../domain/json.ts';
import { checkEstate } from './check-estate.ts';
import { checkRunbook } from './check-runbook.ts';
import { filesLike, runbookFolder, onDisk, readYaml, remembering, type Files } from './files.ts';
import { parseEstate, runbookPatterns } from './parse-estate.ts';
import { parseRunbook } from './parse-runbook.ts';
import { checkMeans } from './check-means.ts';
import { warnOfInert } from './inert.ts';
import type { Means } from './means.ts';
import { hasErrors, isWarning, type Problem } from './problem.ts';
import type { Source } from './source.ts';

/** The files of an estate as they were read, by the paths that the loader used. */
export interface EstateFiles {
  main: string;
  files: Record<string, string>;
}

export type Loaded =
  | { ok: true; estate: Estate; digest: string; files: EstateFiles; warnings: Problem[] }
  /** The errors; warnings stand apart, since they refuse nothing. */
  | { ok: false; problems: Problem[]; warnings: Problem[] };

interface RunbookFile {
  runbook: Runbook;
  source: Source;
}

/**
 * Reads an estate and its runbooks: first the shape of every file, then every name and expression. Names are not
 * looked up while a shape is wrong. `digest` changes exactly when the meaning does, not with spaces or comments. With
 * `means` what this environment has no key for is warned about.
 */
export async function loadEstate(file: string, from: Files = onDisk, means?: Means): Promise<Loaded> {
  const problems: Problem[] = [];
  const texts: Record<string, string> = {};
  const files = remembering(from, texts);
  const read = await readYaml(file, files);
  if (!read.ok) return refused(read.problems);
  const estate = parseEstate(read.source, problems);
  const runbooks = await readRunbooks(read.source, files, problems);
  if (estate === undefined || hasErrors(problems)) return refused(problems);
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
  warnOfInert('estate', [read.source], problems);
  const sources = runbooks.map(({ source }) => source);
  warnOfInert('runbook', sources, problems);
  if (means !== undefined && !hasErrors(problems)) checkMeans(estate, means, read.source, problems);
  if (hasErrors(problems)) return refused(problems);
  const digest = sha256(canonical(JSON.parse(JSON.stringify(estate)) as Json));
  return { ok: true, estate, digest, files: { main: file, files: texts }, warnings: inOrder(problems) };
}

async function readRunbooks(source: Source, from: Files, problems: Problem[]): Promise<RunbookFile[]> {
  const found: RunbookFile[] = [];
  for (const pattern of runbookPatterns(source.raw)) {
    const folder = dirname(source.file);
    const files = await filesLike(folder, pattern, from);
    if (files.length === 0) {
      const words = {
        message: `no file fits ${pattern}`,
        rule: 'the pattern is relative to the estate, with * in the last part only',
        fix: 'correct it or add a runbook',
      };
      problems.push(source.problem(['runbooks'], words));
    }
    for (const file of files) {
      const read = await readYaml(file, from, runbookFolder(folder, pattern));
      if (!read.ok) problems.push(...read.problems);
      const runbook = read.ok ? parseRunbook(read.source, problems) : undefined;
      if (read.ok && runbook !== undefined) found.push({ runbook, source: read.source });
    }
  }
  return found;
}

const refused = (problems: readonly Problem[]): Loaded => ({
  ok: false,
  problems: inOrder(problems.filter((each) => !isWarning(each))),
  warnings: inOrder(problems.filter(isWarning)),
});

export function inOrder(problems: Problem[]): Problem[] {
  const byFile = new Map<string, Problem[]>();
  for (const problem of problems) byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem]);
  return [...byFile.values()].flatMap((list) => list.sort((a, b) => a.line - b.line || a.column - b.column));
}
