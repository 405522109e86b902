import { access, mkdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inMemory } from '../estate/files.ts';
import { jsonSchema } from '../estate/json-schema.ts';
import { loadEstate } from '../estate/load.ts';
import { formatProblem } from '../estate/problem.ts';
import { LifeboatError, messageOf } from '../runtime/errors.ts';
import type { Answers } from './answers.ts';
import { firstEstate } from './first-estate.ts';

/** Writes a first estate with its runbook and schemas, or nothing: what is there already is refused. Gives the paths. */
export async function writeEstate(folder: string, answers: Answers): Promise<string[]> {
  const texts = firstEstate(answers);
  await refuseUnsound(texts);
  const schemas = (['estate', 'runbook'] as const).map((kind): [string, string] => [
    `schema/${kind}.json`,
    `${JSON.stringify(jsonSchema(kind), null, 2)}\n`,
  ]);
  const files = [...schemas, ...Object.entries(texts)].map(([path, text]) => ({ path: join(folder, path), text }));
  await refuseExisting(files.map(({ path }) => path));
  const written: string[] = [];
  try {
    for (const { path, text } of files) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { flag: 'wx' });
      written.push(path);
    }
  } catch (error) {
    await Promise.all(written.map((path) => unlink(path).catch(() => undefined)));
    throw new LifeboatError(
      'unavailable',
      `the estate cannot be written: ${messageOf(error)}`,
      'give a folder that you may write to; nothing was left there',
      { cause: error },
    );
  }
  return written;
}

/** Nobody can give answers that make a wrong estate; if one does, it is not written. */
async function refuseUnsound(texts: Record<string, string>): Promise<void> {
  const loaded = await loadEstate('estate.yaml', inMemory(texts));
  if (loaded.ok) return;
  const problems = loaded.problems.map(formatProblem).join('\n');
  throw new LifeboatError('invalid', `these answers make no sound estate:\n${problems}`, 'answer otherwise');
}

async function refuseExisting(paths: readonly string[]): Promise<void> {
  const found = await Promise.all(paths.map((path) => exists(path).then((there) => (there ? [path] : []))));
  const there = found.flat();
  if (there.length === 0) return;
  throw new LifeboatError(
    'conflict',
    `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already, and nothing was written`,
    'name another folder, as in `lifeboat init my-estate`',
  );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
