import { LifeboatError } from './runtime/errors.ts';
import type { Estate } from './domain/estate/model.ts';
import { scaleDurations } from './domain/estate/scale-durations.ts';
import { inMemory } from './estate/files.ts';
import { loadEstate, type Loaded } from './estate/load.ts';
import type { Means } from './estate/means.ts';
import { formatProblem, type Problem } from './estate/problem.ts';

/** An estate that was read and is in order. */
export type SoundEstate = Extract<Loaded, { ok: true }>;

export interface EstateHolder {
  current(): Estate;
  /** The digest of what is current: its meaning, whatever the process's speed. */
  digest(): string;
  /** Makes an estate the current one; `digest` is the name by which all processes know it. */
  hold(estate: SoundEstate, digest?: string): void;
}

const SHOWN = 10;

/** Loads the estate and keeps it; throws a LifeboatError with every problem when the file is refused at the start. */
export async function holdEstate(
  file: string,
  speed = 1,
  means?: Means,
): Promise<EstateHolder & { file: SoundEstate }> {
  const loaded = await loadEstate(file, undefined, means);
  if (!loaded.ok) {
    throw new LifeboatError(
      'invalid',
      `the estate is refused:\n${loaded.problems.map(formatProblem).join('\n')}`,
      `mend ${file}; \`lifeboat check ${file}\` shows the same list`,
    );
  }
  let estate: Estate;
  let digest: string;
  const hold = (next: SoundEstate, name = next.digest): void => {
    estate = scaleDurations(next.estate, speed);
    digest = name;
  };
  hold(loaded);
  return { file: loaded, current: () => estate, digest: () => digest, hold };
}

/** Reads an estate from texts that were read before, with today's rules. */
export const estateFromTexts = ({ main, files }: SoundEstate['files']): Promise<Loaded> =>
  loadEstate(main, inMemory(files));

/** A refused file in words. */
export function refusedFile(problems: readonly Problem[]): string {
  const lines = problems.slice(0, SHOWN).map((each) => `• ${formatProblem(each)}`);
  const more = problems.length > SHOWN ? [`… and ${problems.length - SHOWN} more`] : [];
  return ['The file is refused, so the estate stays as it was:', ...lines, ...more].join('\n');
}
