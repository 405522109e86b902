import { expect, test } from 'vitest';
import { medianOf } from '../../bench/median.ts';
import { readOptions } from '../../bench/options.ts';

test('several runs become medians with their spread, and words and equal figures stay', () => {
  const run = (p99: number) => ({ note: { p99, samples: 5 }, target: 'p99 <= 60 ms' });
  expect(medianOf([run(9), run(2), run(4)])).toEqual({
    note: { p99: { median: 4, least: 2, most: 9 }, samples: 5 },
    target: 'p99 <= 60 ms',
  });
});

test('names, times and scale are read, and what does not exist is refused with what does', () => {
  const known = ['pages', 'idle'];
  expect(readOptions(['pages', '--scale', '0.1'], known)).toEqual({ names: ['pages'], times: 3, scale: 0.1 });
  expect(() => readOptions(['page'], known)).toThrow('no bench page; there is pages, idle');
  expect(() => readOptions(['--scale', '2'], known)).toThrow('--scale');
  expect(() => readOptions(['--times', 'two'], known)).toThrow('--times');
});
