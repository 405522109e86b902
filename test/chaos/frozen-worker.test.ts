import { expect, test } from 'vitest';
import { controlRun } from '../../src/verbs/run/control-run.ts';
import { frozenWorld } from '../support/frozen-world.ts';
import { effectsOf } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

/** The lease of what a frozen worker holds has run out. */
const LEASE_OVER = `update effect set lease_until = clock_timestamp() - interval '1 second' where state = 'running'`;

test('a frozen worker’s step is ended before it is done again, and the worker reports nothing when it wakes', async () => {
  const world = await frozenWorld();
  const frozen = await world.worker();
  const run = await world.begin();
  frozen.signal('SIGSTOP');
  const other = await world.worker();
  await world.pool.query(LEASE_OVER);
  await waitFor('the other worker to begin', () => world.lines('began').length === 2, { timeoutMs: 20_000 });
  world.let();
  await waitFor('the run to be over', async () => (await world.states(run)).run === 'succeeded');
  frozen.signal('SIGCONT');
  for (const each of [frozen, other]) each.signal('SIGTERM'); // it stops when it has reported, or tried to
  for (const each of [frozen, other]) await each.line(/^stopped/);
  expect(world.lines('worked')).toEqual(['worked']);
  expect(await world.states(run)).toMatchObject({ step: 'succeeded' });
  const [effect] = await effectsOf(world.pool, `kind = 'step.run'`);
  expect(effect).toMatchObject({ state: 'done', fence: 2 });
});

test('an abort after the worker was killed ends its program before it says "aborted", and calls it unknown', async () => {
  const world = await frozenWorld();
  const killed = await world.worker();
  const run = await world.begin();
  await killed.kill9();
  await world.worker();
  await controlRun(world.verbs, { key: 'stop', actor: 'slack:U01ANA' }, world.incident, null, {
    kind: 'abort',
    reason: 'the wrong site',
  });
  const seen = await waitFor('the run to be aborted', async () => {
    const states = await world.states(run);
    return states.run === 'aborted' && { ...states, running: await world.running() };
  });
  expect(seen).toEqual({
    ...{ run: 'aborted', step: 'unknown', running: false },
    error: expect.stringMatching(/may have happened.*1 of its processes still ran and was ended/),
  });
  expect(world.lines('worked')).toEqual([]);
});
