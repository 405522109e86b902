import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectLogs } from '../support/expected-logs.ts';
import { startProgram, wordsIn, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(/"msg":"slack refuses the token or a permission"|"msg":"slack identity not known yet"/);

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

test('seconds in which Slack refuses the token during a declaration lose nothing, stand once in the log, and show as not ready', async () => {
  const { workspace, pager, url } = program.world;
  await program.idle();
  const refused = workspace.faults.add({ kind: 'error', error: 'invalid_auth' });
  expect((await program.dr('ana', 'declare P0 The token is gone')).text).toMatch(/declared/);
  await pager.waitFor(({ summary }) => summary.includes('The token is gone'));
  await waitFor('every kind of send to be refused', async () => {
    const tried = await program.rows(`select kind from effect where attempts > 2 and state <> 'done'`);
    return new Set(tried.map(({ kind }) => kind)).size >= 2;
  });
  refused.remove();
  const room = await workspace.waitForChannel(/the-token-is-gone/, { timeout: 40_000 });
  await waitFor('its card', () => room.pins.length === 1, { timeoutMs: 20_000 });
  await program.idle(40_000);
  expect(await program.rows(`select key, error from effect where state in ('failed', 'unknown')`)).toEqual([]);
  // In the channel the card is the notification; whoever reads elsewhere has one of their own.
  expect(wordsIn(room).length).toBeGreaterThan(0);
  const notices = workspace
    .messages({ channel: '#leadership' })
    .filter(({ text }) => text.includes('The token is gone'));
  expect(notices.length).toBeGreaterThan(0);
  const direct = workspace.user('ana').directMessages.filter(({ text }) => text.includes('The token is gone'));
  expect(direct).toHaveLength(1);
  expect(program.doubles()).toEqual([]);
  const errors = program.logs().filter(({ level, code }) => level === 'error' && code === 'invalid_auth');
  expect(errors).toHaveLength(1);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
