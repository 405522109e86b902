import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Estate } from '../domain/estate/model.ts';
import { checkRunbook } from './check-runbook.ts';
import { readYaml } from './files.ts';
import { loadEstate } from './load.ts';
import { parseRunbook } from './parse-runbook.ts';
import { formatProblem, type Problem } from './problem.ts';
import type { Source } from './source.ts';

/**
 * What `lifeboat check FILE` prints, for an estate or for a single runbook; a runbook is checked against the
 * `estate.yaml` beside it or one folder up, if there is one.
 */
export async function checkFile(file: string): Promise<{ text: string; ok: boolean }> {
  const read = await readYaml(file);
  if (!read.ok) return report(read.problems);
  if (isRunbook(read.source.raw)) return checkOneRunbook(read.source);
  const loaded = await loadEstate(file);
  return loaded.ok ? { ok: true, text: `${file}: in order. ${contents(loaded.estate)}` } : report(loaded.problems);
}

async function checkOneRunbook(source: Source): Promise<{ text: string; ok: boolean }> {
  const problems: Problem[] = [];
  const runbook = parseRunbook(source, problems);
  if (runbook === undefined) return report(problems);
  const found = await estateNear(source.file);
  const loaded = found === undefined ? undefined : await loadEstate(found);
  checkRunbook(runbook, loaded?.ok === true ? loaded.estate : undefined, source, problems);
  if (problems.length > 0) return report(problems);
  const names = namesChecked(found, loaded?.ok === true);
  return { ok: true, text: `${source.file}: in order. ${count(runbook.steps.length, 'step')}. ${names}` };
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

function report(problems: Problem[]): { text: string; ok: boolean } {
  return { ok: false, text: [...problems.map(formatProblem), `${count(problems.length, 'problem')}.`].join('\n') };
}

function contents({ sites, services, people, roles, alerts, runbooks }: Estate): string {
  const parts = { site: sites, service: services, role: roles, alert: alerts, runbook: runbooks };
  const counts = Object.entries(parts).map(([noun, items]) => count(Object.keys(items).length, noun));
  return `${[...counts, `${Object.keys(people).length} people`].join(', ')}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
