import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { visibleText } from '@lifeboat/stand-ins/slack/waiting';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { said, startProgram, wordsIn, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

/** The health of the API, as its check and its runbook see it. */
let status = 200;
const server = createServer((_request, response) => response.writeHead(status).end());

const GUARDED = `description: Asks, then rests.
steps:
  - id: ask
    name: May it?
    uses: approval
    with: { approvers: [incident-commander], timeout: 10m }
  - { id: rest, name: Rest, uses: wait, needs: [ask], with: { duration: 1h } }
`;
const MEND = (url: string): string => `description: Starts it, then looks.
steps:
  - { id: start, name: Start it, uses: command, side_effect: once, probe: { uses: noop }, with: { run: [node, -e, ''] } }
  - { id: health, name: It answers, uses: http, needs: [start], with: { url: '${url}' } }
`;
let program: Program;
let incident: Declared;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  program = await startProgram({
    runbooks: { guarded: GUARDED, mend: MEND(url) },
    replace: [
      [
        '    recover: restart-api\n',
        `    recover: mend\n    checks: [{ id: up, uses: http, with: { url: '${url}' }, timeout: 2s }]\n`,
      ],
      ['    recover: restart-database\n', ''],
    ],
  });
  incident = await program.declare('P3 Orders fail service:api');
});
afterAll(async () => {
  await program.stop();
  server.closeAllConnections();
  server.close();
});

const here = (who: string, words: string) => program.dr(who, words, incident.channel);
const runs = () => program.rows<{ id: number; state: string }>('select id, state from run order by id');
const shown = (words: RegExp) =>
  waitFor(`a message with ${String(words)}`, () =>
    incident.room.messages().find((each) => words.test(visibleText(each))),
  );
const buttonsOf = (message: { blocks?: unknown }): string => JSON.stringify(message.blocks);

test('a healthy service is asked about, and a press recovers it all the same; its button then goes', async () => {
  expect((await here('ana', 'recover api')).text).toMatch(/of a healthy service you are asked there first/);
  const asked = await shown(/is healthy, so nothing was started/);
  expect(await runs()).toEqual([]);
  await program.world.workspace.user('ana').press(asked, 'Recover all the same');
  await waitFor('the run', async () => (await runs())[0]?.state === 'succeeded');
  await waitFor(
    'the button to go',
    () => !buttonsOf(incident.room.messages().find(({ ts }) => ts === asked.ts)!).includes('recover-anyway'),
  );
  await shown(/Verified by/);
});

test('a skipped health step leaves the run not verified', async () => {
  status = 503;
  await here('ana', 'recover api');
  await waitFor('it to be stuck', async () => (await runs()).at(-1)?.state === 'paused');
  await here('ana', 'skip health The check lies');
  await waitFor('the end', async () => (await runs()).at(-1)?.state === 'unverified');
  await shown(/ended, not verified.*\n*[\s\S]*the check health was skipped/);
});

test('after Approve the first step is seen within seconds', async () => {
  await here('ana', 'run guarded');
  const run = (await runs()).at(-1)!.id;
  const request = await program.world.workspace.waitFor({ key: `approval:${run}/ask/1:post` }, { timeout: 20_000 });
  const pressed = performance.now();
  await program.world.workspace.user('cleo').press(structuredClone(request), 'Approve');
  await waitFor(
    'the card to show the step',
    () => wordsIn(incident.room).some((words) => /\brest\b.*\(Rest\).* for /.test(words)),
    {
      timeoutMs: 10_000,
    },
  );
  const took = performance.now() - pressed;
  console.log(`the first step was seen ${Math.round(took)} ms after Approve`);
  expect(took).toBeLessThan(5000);
  await here('ana', `abort run:${run} Enough`);
  await waitFor('the end', async () => (await runs()).at(-1)?.state === 'aborted');
});

test('a request that timed out offers to ask again', async () => {
  await here('ana', 'run guarded');
  const run = (await runs()).at(-1)!.id;
  const key = `approval:${run}/ask/1:post`;
  await program.world.workspace.waitFor({ key }, { timeout: 20_000 });
  await program.pass(601_000);
  const pause = await shown(/is paused\*? at[\s\S]*nobody approved in 10m/);
  expect(buttonsOf(pause)).toMatch(/Ask again.*Abort/);
  const request = program.world.workspace.messages({ key })[0]!;
  await waitFor('its buttons to go', () => !buttonsOf(request).includes('"approve"'));
  await program.world.workspace.user('ana').press(pause, 'Ask again');
  await program.world.workspace.waitFor({ key: `approval:${run}/ask/2:post` }, { timeout: 20_000 });
  await here('ana', `abort run:${run} Enough`);
  await waitFor('the end', async () => (await runs()).at(-1)?.state === 'aborted');
});

test('an incident whose checks are red is resolved only with a reason, and everybody reads that it is not verified', async () => {
  status = 503;
  const refused = await here('ana', 'resolve It was restarted');
  expect(said(refused)).toMatch(/checks are red[\s\S]*api.*503[\s\S]*\/dr resolve anyway/);
  await program.world.workspace.user('ana').command('/dr', 'resolve', { channel: incident.channel });
  expect((await program.rows('select state from incident where id > 0')).map((row) => row['state'])).toEqual(['open']);
  const ana = program.world.workspace.user('ana');
  await ana.submit(ana.view!, { summary: 'It was restarted' });
  expect(ana.view?.callback_id).toBe('resolve-anyway');
  expect(JSON.stringify(ana.view)).toMatch(/api: up: .*503[\s\S]*It was restarted/);
  const resolved = await here('ana', 'resolve anyway Its check looks at the old address');
  expect(resolved.text).toMatch(/is resolved[\s\S]*Checks are red/);
  const told = await shown(/INC-\d+ resolved: Orders fail/);
  expect(visibleText(told)).toMatch(/Not verified[\s\S]*api.*is red[\s\S]*503[\s\S]*old address/);
  expect(visibleText(told)).not.toMatch(/Restored/);
});
