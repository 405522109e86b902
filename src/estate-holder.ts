import { LifeboatError } from './runtime/errors.ts';
import type { Estate } from './domain/estate/model.ts';
import { scaleDurations } from './domain/estate/scale-durations.ts';
import { loadEstate } from './estate/load.ts';
import { formatProblem } from './estate/problem.ts';
import type { Log } from './runtime/log.ts';

export interface EstateHolder {
  current(): Estate;
  /** Reads the file again; a broken one keeps the old estate and says why. */
  reload(): Promise<{ ok: boolean; text: string }>;
}

const SHOWN = 10;

/** Loads the estate and keeps it; throws a LifeboatError with every problem when the file is refused at the start. */
export async function holdEstate(file: string, log: Log, speed = 1): Promise<EstateHolder> {
  const first = await loadEstate(file);
  if (!first.ok) {
    throw new LifeboatError(
      'invalid',
      `the estate is refused:\n${first.problems.map(formatProblem).join('\n')}`,
      `mend ${file}; \`lifeboat check ${file}\` shows the same list`,
    );
  }
  let digest = first.digest;
  let estate = scaleDurations(first.estate, speed);
  return {
    current: () => estate,
    async reload() {
      const next = await loadEstate(file);
      if (!next.ok) {
        log.warn({ problems: next.problems.length }, 'estate reload refused');
        const lines = next.problems.slice(0, SHOWN).map((each) => `• ${formatProblem(each)}`);
        const more = next.problems.length > SHOWN ? [`… and ${next.problems.length - SHOWN} more`] : [];
        return {
          ok: false,
          text: ['The file is refused, so the estate stays as it was:', ...lines, ...more].join('\n'),
        };
      }
      const changed = next.digest !== digest;
      digest = next.digest;
      estate = scaleDurations(next.estate, speed);
      log.info({ changed }, 'estate reloaded');
      return {
        ok: true,
        text: changed
          ? 'The estate is reloaded. Runs that have begun keep their plans.'
          : 'Nothing changed in the estate.',
      };
    },
  };
}
