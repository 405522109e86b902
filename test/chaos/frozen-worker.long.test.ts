import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { frozenWorld } from '../support/frozen-world.ts';
import { effectsOf } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

test(
  'a worker that is frozen for 25 s during a once-step of 21 s: the step happens exactly once',
  { timeout: 120_000 },
  async () => {
    const world = await frozenWorld();
    const frozen = await world.worker();
    const run = await world.begin(21_000);
    const other = await world.worker();
    frozen.signal('SIGSTOP');
    await sleep(25_000); // how long a process is frozen is what this is about
    frozen.signal('SIGCONT');
    await waitFor('the run to be over', async () => (await world.states(run)).run !== 'running', { timeoutMs: 60_000 });
    await waitFor('every program to be over', async () => !(await world.running()));
    expect(await world.states(run)).toMatchObject({ step: 'succeeded', run: 'succeeded' });
    expect(world.lines('worked')).toEqual(['worked']);
    expect(world.lines('began')).toHaveLength(2);
    expect((await effectsOf(world.pool, `kind = 'step.run'`))[0]).toMatchObject({ state: 'done', fence: 2 });
    for (const each of [frozen, other]) expect(each.child.exitCode).toBeNull();
  },
);
