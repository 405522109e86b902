import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** The benches to run; all of them when empty. */
  names: string[];
  /** How often each is run. */
  times: number;
  /** The share of the full size, such as 0.01 to see whether a bench works. */
  scale: number;
}

/** Reads `npm run bench -- pages cadence --times 1 --scale 0.01`; throws when a word is not known. */
export function readOptions(args: string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { times: { type: 'string', default: '3' }, scale: { type: 'string', default: '1' } },
  });
  const strange = positionals.filter((name) => !known.includes(name));
  if (strange.length > 0) throw new Error(`there is no bench ${strange.join(', ')}; there is ${known.join(', ')}`);
  const [times, scale] = [Number(values.times), Number(values.scale)];
  if (!(times >= 1) || !(scale > 0 && scale <= 1))
    throw new Error('--times is 1 or more, --scale above 0 and at most 1');
  return { names: positionals, times, scale };
}
