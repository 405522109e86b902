import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationOf, formatDuration, parseDuration } from '../../src/domain/duration.ts';

describe('duration', () => {
  it.each([
    ['500ms', 500],
    ['0s', 0],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['1h 30m', 5_400_000],
    ['1h30m', 5_400_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    ' ',
    '15',
    'm',
    '-5m',
    '1.5h',
    '15 m',
    '15min',
    ' 15m',
    '15m ',
    '1h  30m',
    '1h,30m',
    '1e3s',
    '99999999999999999d',
    '15M',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [0, '0s'],
    [900_000, '15m'],
    [5_400_000, '1h 30m'],
    [90_500, '1m 30s 500ms'],
    [604_800_000, '7d'],
    [-5, '0s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('reads back whatever it writes', () => {
    fc.assert(fc.property(fc.nat(Number.MAX_SAFE_INTEGER - 1), (ms) => parseDuration(formatDuration(ms)) === ms));
  });

  it('takes milliseconds and words alike where an expression may have given either', () => {
    expect([durationOf(1500), durationOf('15m'), durationOf(-1), durationOf(true), durationOf('soon')]).toEqual([
      1500,
      900_000,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
