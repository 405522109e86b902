import { expect, test } from 'vitest';
import { abort, pause } from '../../commands/control.ts';
import type { CommandDeps } from '../../commands/command.ts';

/** A run's number is read before anything is looked up, so nothing else is needed. */
const nothing = {} as CommandDeps;
const call = (args: string) => ({ request: { key: 'k', actor: 'slack:U01ANA' }, args, named: 1, channel: null });

test.each(['run:abc', 'run:7.5', 'run:99999999999', 'run:-1', 'run:0x10', 'run:'.concat('9'.repeat(40))])(
  '`pause %s` says that this is no number of a run',
  async (word) => {
    await expect(pause.run(call(`${word} too hot`), nothing)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(word.slice(4)),
      fix: expect.stringContaining('run:'),
    });
  },
);

test('a number that cannot be is refused by every control', async () => {
  await expect(abort.run(call('wrong run:x'), nothing)).rejects.toMatchObject({ code: 'invalid' });
});
