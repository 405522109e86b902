import { expect, test } from 'vitest';
import { longStep } from '../support/long-step.ts';

test('a once-step that took longer than the patience keeps its result over a blink of the database', async () => {
  const patience = { patience_ms: 2000, pause_ms: 50 };
  const { row, acted } = await longStep({ works_ms: 3000, away_ms: 500, patience });
  expect([row, acted]).toMatchObject([{ state: 'succeeded', output: { restored: true } }, 1]);
});
