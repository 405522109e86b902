import { expect, test } from 'vitest';
import { untilWritten } from '../../src/outbox/until-written.ts';
import { LifeboatError } from '../../src/runtime/errors.ts';

const away = () => new LifeboatError('unavailable', 'the database does not answer');
const patience = { patience_ms: 200, pause_ms: 10 };

/** A write that fails until `ms` after its first call. */
function failingFor(ms: number, error: () => Error = away) {
  let since: number | undefined;
  let tries = 0;
  return {
    tries: () => tries,
    write: () => {
      tries += 1;
      since ??= performance.now();
      return performance.now() - since < ms ? Promise.reject(error()) : Promise.resolve('written');
    },
  };
}

test('a write is repeated until the database is back, and says when the one that went through began', async () => {
  const { write, tries } = failingFor(100);
  const begun = performance.now();
  const { written, before } = await untilWritten(write, patience);
  expect(written).toBe('written');
  expect(before - begun).toBeGreaterThanOrEqual(100);
  expect(tries()).toBeGreaterThan(2);
});

test('it ends with the error that it met last', async () => {
  await expect(untilWritten(failingFor(60_000).write, patience)).rejects.toThrow('does not answer');
});

test('a defect is not repeated', async () => {
  const { write, tries } = failingFor(60_000, () => new TypeError('of the connection'));
  await expect(untilWritten(write, patience)).rejects.toThrow(TypeError);
  expect(tries()).toBe(1);
});
