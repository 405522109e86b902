import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { keyOf, said, startProgram, wordsIn, type Declared, type Program } from '../support/program-world.ts';
import type { FaultKind } from '@lifeboat/stand-ins/slack/faults';
import { waitFor } from '../support/wait-for.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

/** The next post in the channel fails; other channels never notice. */
const failNext = ({ room }: Declared, fault: FaultKind): void => {
  program.world.workspace.faults.add({
    ...{ ...fault, method: 'chat.postMessage', times: 1 },
    when: ({ channel }) => channel === room.id,
  });
};
const posts = ({ room }: Declared) =>
  program.world.workspace.requests('chat.postMessage').filter(({ request }) => request['channel'] === room.id);
const here = (incident: Declared, words: string) => program.dr('ana', words, incident.channel);
/** The words of the updates that people wrote, in the order in which they stand in the channel. */
const written = ({ room }: Declared): string[] => wordsIn(room).flatMap((each) => /\n>?(u\d+)\n/.exec(each)?.[1] ?? []);
async function expectInOrder(incident: Declared, ...wanted: string[]): Promise<void> {
  await waitFor('the updates', () => written(incident).length >= wanted.length, { timeoutMs: 40_000 });
  expect(written(incident)).toEqual(wanted);
  expect(program.doubles()).toEqual([]);
}

describe.concurrent('incidents beside each other, each with its trouble', () => {
  test('a 429 is waited out, and what comes after it in the channel waits behind it', async () => {
    const incident = await program.declare('P3 Too fast');
    failNext(incident, { kind: 'rate_limited', retryAfter: 2 });
    await here(incident, 'update u1');
    await here(incident, 'update u2');
    const limited = await waitFor('the 429', () => posts(incident).find(({ status }) => status === 429));
    await expectInOrder(incident, 'u1', 'u2');
    const after = posts(incident).find(({ n }) => n > limited.n);
    expect((after?.at ?? 0) - limited.at).toBeGreaterThanOrEqual(2000);
  });

  test('a server error and a connection reset before anything was done are repeated, in order', async () => {
    const incident = await program.declare('P3 Broken pipes');
    failNext(incident, { kind: 'status', status: 500 });
    failNext(incident, { kind: 'reset' });
    await here(incident, 'update u1');
    await here(incident, 'update u2');
    await here(incident, 'update u3');
    await expectInOrder(incident, 'u1', 'u2', 'u3');
  });

  test('a message whose answer was lost is found again and not posted twice', async () => {
    const incident = await program.declare('P3 Lost answers');
    failNext(incident, { kind: 'apply_then_reset' });
    await here(incident, 'update u1');
    await waitFor('the first', () => written(incident).length === 1, { timeoutMs: 20_000 });
    failNext(incident, { kind: 'apply_then_status', status: 503 });
    await here(incident, 'update u2');
    await here(incident, 'update u3');
    await expectInOrder(incident, 'u1', 'u2', 'u3');
    const keys = incident.room.messages().map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('silence for twenty seconds holds up that channel alone, and pages and other channels go on', async () => {
    const [stuck, other] = [await program.declare('P3 Stuck'), await program.declare('P3 Free')];
    failNext(stuck, { kind: 'apply_then_hang', ms: 20_000 });
    await here(stuck, 'update u1');
    await here(stuck, 'update u2');
    await waitFor('the call that hangs', () => written(stuck).length === 1);
    await here(other, 'update u7');
    await here(stuck, 'page database Please look');
    await expectInOrder(other, 'u7');
    await program.world.pager.waitFor(({ dedup_key }) => dedup_key.includes(`/INC-${stuck.id}/m`));
    expect(written(stuck)).toEqual(['u1']);
    expect(said(await here(stuck, 'status'))).toMatch(/Sends that are not through[\s\S]*A message/);
    await expectInOrder(stuck, 'u1', 'u2');
  });

  test('keeps to one message a second for a channel, however much there is to say', async () => {
    const incident = await program.declare('P3 Chatter');
    await Promise.all([1, 2, 3, 4].map((n) => here(incident, `update u${n}`)));
    await waitFor('the updates', () => written(incident).length === 4, { timeoutMs: 20_000 });
    const times = incident.room.messages().map(({ posted_at }) => posted_at);
    const gaps = times.slice(2).map((time, index) => time - (times[index + 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(900);
    // The reading of the state costs at most one edit of the card a second.
    expect(program.world.workspace.burst('chat.postMessage', { channel: incident.room.id })).toBeLessThanOrEqual(2);
  });
});

test('while Slack is down pages go out, the status shows what waits, and afterwards all of it comes in order', async () => {
  const incident = await program.declare('P3 Silence');
  await program.idle();
  program.world.workspace.outage(true);
  onTestFinished(() => {
    program.world.workspace.outage(false);
  });
  for (const words of ['update u1', 'update u2', 'page database Hello?'])
    expect((await here(incident, words)).status).toBe(200);
  await program.world.pager.waitFor(({ dedup_key }) => dedup_key.includes(`/INC-${incident.id}/m`));
  await waitFor('the status to say what waits', async () =>
    /A message .*waits, [1-9]\d* tr(y|ies) so far/.test(said(await here(incident, 'status'))),
  );
  const declared = (await program.dr('ana', 'declare P0 While Slack is down')).text;
  expect(declared).toMatch(/declared/);
  await program.world.pager.waitFor(({ summary }) => summary.includes('While Slack is down'));
  program.world.workspace.outage(false);
  await expectInOrder(incident, 'u1', 'u2');
  const room = await program.world.workspace.waitForChannel(/while-slack-is-down/, { timeout: 40_000 });
  await waitFor('its card', () => room.pins.length === 1, { timeoutMs: 20_000 });
  await program.idle(40_000);
  expect(await program.rows(`select key, error from effect where state in ('failed', 'unknown')`)).toEqual([]);
});

test('an incident whose channel’s name is kept by another gets one of its own, and nobody is sent to the other', async () => {
  const [row] = await program.rows<{ id: number }>('select max(id) + 1 as id from incident');
  const id = row?.id ?? 1;
  const name = `dr-${id}-the-same-again`;
  program.world.workspace.addChannel({ id: 'C0HIDDEN', name, isPrivate: true, bot: false, members: [] });
  const { text } = await program.dr('ana', 'declare P3 The same again');
  expect(text).toMatch(/INC-\d+ declared.*channel opens now/);
  expect(text).not.toContain(name);
  const room = await program.world.workspace.waitForChannel(new RegExp(`^${name}-2$`), { timeout: 15_000 });
  await waitFor('its card', () => room.pins.length === 1, { timeoutMs: 15_000 });
  await waitFor('who declared to be invited', () => room.members.includes('U01ANA'));
  expect((await program.dr('ana', `recover api INC-${id}`)).text).toContain(`#${name}-2`);
  expect(said(await program.dr('ana', 'status', `#${room.name}`))).toContain(`INC-${id}`);
  await program.dr('ana', `resolve INC-${id} It was nothing`);
});
