import { expect, test } from 'vitest';
import { expectedAt, readExpectation } from '../../src/domain/incident/expectation.ts';

const now = new Date('2026-11-20T14:02:00.000Z');
const read = (typed: string) => {
  const { expected, reason } = readExpectation(typed);
  return [expected === 'withdrawn' ? null : expectedAt(expected, now).toISOString().slice(0, 16), reason];
};

test.each([
  ['40m', '2026-11-20T14:42', null],
  ['40m the replica catches up', '2026-11-20T14:42', 'the replica catches up'],
  ['1h 30m', '2026-11-20T15:32', null],
  ['1h 30m of copying', '2026-11-20T15:32', 'of copying'],
  ['15:20 UTC', '2026-11-20T15:20', null],
  ['15:20Z because', '2026-11-20T15:20', 'because'],
  ['16:20+02:00', '2026-11-20T14:20', null],
  ['00:30-5', '2026-11-21T05:30', null],
  ['9:00 utc', '2026-11-21T09:00', null],
  ['none', null, null],
  ['none the copy hangs', null, 'the copy hangs'],
])('%s is %s, %s', (typed, at, reason) => {
  expect(read(typed)).toEqual([at, reason]);
});

test.each([
  ['', 'it is not said when'],
  ['soon', '`soon` is neither a duration nor a time'],
  ['15:20', '`15:20` names no zone'],
  ['15:20 the copy ends', 'names no zone'],
  ['0s', 'is no time ahead'],
  ['40d', 'is no time ahead'],
  ['25:00 UTC', 'is neither a duration nor a time'],
])('%s is refused: %s', (typed, why) => {
  expect(() => readExpectation(typed)).toThrow(why);
});
