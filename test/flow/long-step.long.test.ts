import { expect, test } from 'vitest';
import { longStep } from '../support/long-step.ts';

test('a once-step of 62 s keeps its result over a blink of 1.5 s of the database', { timeout: 150_000 }, async () => {
  const { row, acted } = await longStep({ works_ms: 62_000, away_ms: 1500 });
  expect([row, acted]).toMatchObject([{ state: 'succeeded', output: { restored: true } }, 1]);
});
