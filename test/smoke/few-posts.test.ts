import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';
import { visibleText } from '@lifeboat/stand-ins/slack/waiting';
import { startProgram, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

const server = createServer((_, response) => response.end('{}'));
const guarded = (url: string): string => `description: Asks, and restarts.
steps:
  - id: agree
    name: The commander agrees
    uses: approval
    with: { approvers: [incident-commander], timeout: 10m }
  - { id: restart, name: Restart it, uses: noop, needs: [agree] }
  - { id: look, name: It answers, uses: http, needs: [restart], with: { url: '${url}' } }
`;
/** Slots of a P0 in nine minutes at 60 times the pace; here as few as show the same. */
const SLOTS = Number(process.env['SLOTS'] ?? 8);
const MINUTE = 60_000;

let program: Program;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  program = await startProgram({
    runbooks: { guarded: guarded(`http://127.0.0.1:${port}`) },
    replace: [['    recover: restart-database\n', '    recover: guarded\n']],
  });
});
afterAll(async () => {
  await program.stop();
  server.closeAllConnections();
  server.close();
});

/** What stands in a channel itself, threads left out. */
const posts = (channel: string): SlackMessage[] =>
  program.world.workspace
    .messages({ channel })
    .filter(({ thread_ts, ts, bot_id }) => (thread_ts ?? ts) === ts && bot_id !== undefined);
const words = (channel: string): string[] => posts(channel).map(visibleText);

test('a P1 with one recovery takes four posts in its channel, and those who read elsewhere get the brief', async () => {
  const { room, channel } = await program.declare('P1 Orders fail service:database');
  const { workspace } = program.world;
  const here = (who: string, typed: string) => program.dr(who, typed, channel);
  await here('ana', 'ack');
  expect((await here('ana', 'recover database')).error ?? '').toBe('');
  const asked = (): SlackMessage | undefined =>
    workspace.messages({ channel: room.id }).find(({ blocks }) => JSON.stringify(blocks ?? []).includes('"approve"'));
  await waitFor('the request', () => asked() !== undefined, { timeoutMs: 20_000 });
  await workspace.user('cleo').press(structuredClone(asked()!), 'Approve');
  await waitFor(
    'the run to end',
    async () => (await program.rows(`select 1 from run where state not in ('running', 'paused')`)).length === 1,
    { timeoutMs: 20_000 },
  );
  await program.idle();
  await here('ana', 'resolve anyway The database was restarted.');
  await waitFor('it to be resolved', () => words(room.id).some((each) => /resolved: Orders fail/.test(each)), {
    timeoutMs: 15_000,
  });
  await program.idle();

  expect(posts(room.id).length).toBeLessThanOrEqual(4);
  const all = program.world.workspace.messages({ channel: room.id });
  const resolved = posts(room.id).at(-1);
  expect(
    all.filter(({ thread_ts, ts }) => thread_ts === resolved?.ts && ts !== thread_ts).map(({ text }) => text),
  ).toEqual([expect.stringContaining('Steps and checks')]);
  for (const text of words('leadership')) expect(text).not.toMatch(/\/dr |<@|agree|restart it/i);
});

test('a P0 without news is one line that is edited, and the commander is asked once for words', async () => {
  const before = posts('leadership').length;
  const { room } = await program.declare('P0 Nothing moves');
  await program.idle();
  for (let slot = 1; slot <= SLOTS; slot += 1) {
    await program.pass(15 * MINUTE);
    await waitFor(
      `slot ${slot}`,
      async () =>
        (await program.rows(`select 1 from effect where kind = 'update.post' and state = 'done' and incident_id = 2`))
          .length >=
        2 * slot,
      { timeoutMs: 20_000 },
    );
  }
  await program.idle();
  const shown = posts('leadership')
    .slice(before)
    .filter((each) => visibleText(each).includes('INC-2'));

  // The notice, the escalation, an update for each thing that happens by itself (the ends of the objective and of the
  // escalation), and a line without news after each.
  expect(shown.length).toBeLessThanOrEqual(7);
  const still = shown.map((each) => visibleText(each).includes('no change since'));
  expect(still.filter((each, index) => each && still[index + 1] === true)).toEqual([]);
  expect(visibleText(shown.at(-1)!)).toMatch(/no change since .*next word/);
  const asked = program.world.workspace.messages().filter(({ text }) => text.includes('needs your words'));
  expect(asked).toHaveLength(1);
  expect(posts(room.id).filter(({ text }) => text.includes('no change since')).length).toBeLessThanOrEqual(3);
});
