import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Estate } from '../domain/estate/model.ts';
import { checkRunbook } from './check-runbook.ts';
import { readYaml } from './files.ts';
import { inOrder, loadEstate } from './load.ts';
import { parseRunbook } from './parse-runbook.ts';
import { warnOfInert } from './inert.ts';
import type { Means } from './means.ts';
import { formatProblem, isWarning, type Problem } from './problem.ts';
import type { Source } from './source.ts';

export interface CheckOptions {
  /** Warnings count as errors. */
  strict?: boolean;
  /** What this environment gives; without it nothing is said of keys that are not set. */
  means?: Means;
}

export interface Verdict {
  text: string;
  ok: boolean;
}

/**
 * What `lifeboat check FILE` prints, for an estate or for a single runbook; a runbook is checked against the
 * `estate.yaml` beside it or one folder up, if there is one.
 */
export async function checkFile(file: string, options: CheckOptions = {}): Promise<Verdict> {
  const read = await readYaml(file);
  if (!read.ok) return verdict(file, read.problems, '', options);
  if (isRunbook(read.source.raw)) return checkOneRunbook(read.source, options);
  const loaded = await loadEstate(file, undefined, options.means);
  return loaded.ok
    ? verdict(file, loaded.warnings, contents(loaded.estate), options)
    : verdict(file, inOrder([...loaded.problems, ...loaded.warnings]), '', options);
}

async function checkOneRunbook(source: Source, options: CheckOptions): Promise<Verdict> {
  const problems: Problem[] = [];
  const runbook = parseRunbook(source, problems);
  if (runbook === undefined) return verdict(source.file, problems, '', options);
  const found = await estateNear(source.file);
  const loaded = found === undefined ? undefined : await loadEstate(found);
  checkRunbook(runbook, loaded?.ok === true ? loaded.estate : undefined, source, problems);
  warnOfInert('runbook', [source], problems);
  const names = namesChecked(found, loaded?.ok === true);
  return verdict(source.file, problems, `${count(runbook.steps.length, 'step')}. ${names}`, options);
}

function namesChecked(estate: string | undefined, sound: boolean): string {
  if (estate === undefined) return 'There is no estate.yaml near it, so names of the estate were not looked up.';
  return sound
    ? `Names were looked up in ${estate}.`
    : `${estate} has problems of its own, so its names were not looked up.`;
}

async function estateNear(file: string): Promise<string | undefined> {
  for (const folder of [dirname(file), join(dirname(file), '..')]) {
    const candidate = join(folder, 'estate.yaml');
    if (resolve(candidate) === resolve(file)) continue;
    try {
      await access(candidate);
      return candidate;
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}

function isRunbook(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, 'steps');
}

/** Every problem, then how many; of a file that is in order what it holds. */
function verdict(file: string, problems: Problem[], contents: string, { strict = false }: CheckOptions): Verdict {
  const warnings = problems.filter(isWarning).length;
  const errors = problems.length - warnings;
  const counts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  const ok = errors === 0 && !(strict && warnings > 0);
  const refused = `${counts.join(', ')}.${errors === 0 ? ' --strict takes warnings for errors.' : ''}`;
  const fine = `${file}: in order${warnings > 0 ? `, with ${counts.join('')}` : ''}. ${contents}`;
  return { ok, text: [...problems.map(formatProblem), ok ? fine : refused].join('\n') };
}

function contents({ sites, services, people, roles, alerts, runbooks }: Estate): string {
  const parts = { site: sites, service: services, role: roles, alert: alerts, runbook: runbooks };
  const counts = Object.entries(parts).map(([noun, items]) => count(Object.keys(items).length, noun));
  return `${[...counts, `${Object.keys(people).length} people`].join(', ')}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
