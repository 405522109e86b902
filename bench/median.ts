import { quantile, round } from './stats.ts';

/** What benches return: figures, and words such as targets, nested at will. */
export interface Figures {
  [name: string]: number | string | null | Figures;
}

/** Several runs as one: each figure as its median with the least and the greatest; words stay as they are. */
export function medianOf(runs: readonly Figures[]): Figures {
  const [first = {}] = runs;
  return Object.fromEntries(
    Object.entries(first).map(([name, value]) => {
      const values = runs.map((run) => run[name]);
      const numbers = values.filter((each) => typeof each === 'number');
      if (numbers.length === values.length) return [name, spreadOf(numbers)];
      const nested = values.filter((each) => typeof each === 'object' && each !== null);
      return [name, nested.length === values.length ? medianOf(nested) : value];
    }),
  );
}

function spreadOf(values: number[]): Figures | number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? least : { median: round(quantile(values, 0.5)), least, most };
}
