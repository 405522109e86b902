import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectLogs } from '../support/expected-logs.ts';
import { startProgram, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

expectLogs(/"level":"(warn|error)"/); // each refusal leaves a line, which the tests look at

let program: Program;
let incident: Declared;
beforeAll(async () => {
  program = await startProgram();
  program.world.workspace.addUser({ id: 'U0GUEST', name: 'guest', teamId: 'T0FOREIGN' });
  incident = await program.declare('P0 Somebody is at the door');
  await program.world.pager.waitFor(() => true);
  await waitFor('the card to be pinned', () => incident.room.pins.length > 0);
  await program.idle();
});
afterAll(() => program.stop());

const isPage = ({ dedup_key }: { dedup_key: string }): boolean => dedup_key.endsWith('/INC-1/1.0/on-call');

let before: unknown;
let logged = 0;
beforeEach(async () => {
  before = await state();
  logged = program.logs().length;
});

/** All that a request could change. */
const state = async (): Promise<unknown> =>
  Promise.all([
    program.rows('select * from incident order by id'),
    program.rows('select * from page order by dedup_key'),
    program.rows('select count(*) from event'),
    program.rows('select count(*) from effect'),
    program.rows('select count(*) from role_assignment'),
  ]);
async function expectNothingButALine(words: RegExp): Promise<void> {
  await waitFor('a line in the log', () =>
    program
      .logs()
      .slice(logged)
      .some((line) => ['warn', 'error', 'info'].includes(line.level) && words.test(JSON.stringify(line))),
  );
  expect(await state()).toEqual(before);
}
const ana = () => program.world.workspace.user('ana');
const card = () => {
  const [pin] = incident.room.pins;
  if (!pin) throw new Error('no card');
  return pin;
};

test.each([
  ['with a wrong signature', { signature: 'wrong' }],
  ['without a signature', { signature: 'missing' }],
  ['signed too long ago', { ageSeconds: 301 }],
  ['signed in the future', { ageSeconds: -400 }],
] as const)('a request %s changes nothing and is logged', async (_name, tamper) => {
  const answer = await ana().command('/dr', 'ack INC-1', { tamper });
  expect(answer.status).toBe(401);
  await expectNothingButALine(/sign|stamp|timestamp|authori[sz]/i);
  logged = program.logs().length;
  expect((await ana().press(card(), 'Acknowledge', { tamper })).status).toBe(401);
  await expectNothingButALine(/sign|stamp|timestamp|authori[sz]/i);
});

test('a request that is too long is cut off while it still comes, before anybody could check its signature', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      if (sent > 64 * 1024 * 1024) controller.close();
      else controller.enqueue(new Uint8Array(65_536));
    },
  });
  const headers = { 'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)), 'x-slack-signature': 'v0=00' };
  const request = { method: 'POST', headers, body: endless, duplex: 'half' } as RequestInit;
  await expect(fetch(`${program.world.url}/slack/events`, request)).rejects.toThrow();
  expect(sent).toBeLessThan(32 * 1024 * 1024);
  await expectNothingButALine(/too long/);
});

test('a request that is sent again within its time changes nothing twice and says so', async () => {
  await program.dr('ana', 'note once INC-1');
  before = await state();
  logged = program.logs().length;
  expect((await program.world.workspace.replayLast()).status).toBe(200);
  await expectNothingButALine(/taken already/);
});

test('a command or press from another team is dropped and logged', async () => {
  const answer = await ana().command('/dr', 'ack INC-1', { teamId: 'T0FOREIGN' });
  expect(JSON.stringify(answer)).not.toContain('acknowledged');
  await expectNothingButALine(/foreign team/);
  logged = program.logs().length;
  await ana().press(card(), 'Acknowledge', { teamId: 'T0FOREIGN' });
  await expectNothingButALine(/foreign team/);
});

test('somebody from another organisation who shares the channel may press nothing', async () => {
  await program.world.workspace.user('guest').press(card(), 'Acknowledge');
  await expectNothingButALine(/foreign team/);
});

test('a forged webhook of PagerDuty changes nothing, and neither does one of a machine or of nothing of ours', async () => {
  const { pager, pagerduty, url } = program.world;
  const { dedup_key: key } = await pager.waitFor(isPage);
  const event = (id: string, agent: string, incident_key: string): string =>
    JSON.stringify({
      event: {
        ...{
          id,
          event_type: 'incident.acknowledged',
          resource_type: 'incident',
          occurred_at: new Date().toISOString(),
        },
        agent: { id: 'PANA001', type: agent },
        data: { incident_key },
      },
    });
  expect(await pager.forge(event('E1', 'user_reference', key))).toBe(401);
  await expectNothingButALine(/webhook with a wrong signature/);
  const send = async (body: string): Promise<number> => {
    const signature = createHmac('sha256', pagerduty.webhookSecret).update(body).digest('hex');
    const headers = { 'x-pagerduty-signature': `v1=${signature}`, 'x-webhook-id': 'W1' };
    return (await fetch(`${url}/webhooks/pagerduty`, { method: 'POST', headers, body })).status;
  };
  expect(await send(event('E2', 'inbound_integration_reference', key))).toBe(202);
  expect(await send(event('E3', 'user_reference', 'somebody-elses-key'))).toBe(202);
  expect(await send('{"not": "a webhook"}')).toBe(202);
  expect(await send('no json')).toBe(202);
  const longAgo = new Date(Date.now() - 61 * 3_600_000).toISOString();
  expect(
    await send(event('E4', 'user_reference', key).replace(/"occurred_at":"[^"]*"/, `"occurred_at":"${longAgo}"`)),
  ).toBe(202);
  await expectNothingButALine(/stale pagerduty webhook/);
  expect(await state()).toEqual(before);
  expect((await fetch(`${url}/webhooks/pagerduty`, { method: 'POST', body: 'x'.repeat(300_000) })).status).toBe(413);
});

test('a webhook that comes twice counts once', async () => {
  const { pager } = program.world;
  const { dedup_key } = await pager.waitFor(isPage);
  const delivery = await pager.acknowledge(dedup_key, { by: 'ana@example.com' });
  if (!delivery) throw new Error('no webhook');
  await program.idle();
  const after = await state();
  expect(after).not.toEqual(before);
  expect(await pager.redeliver(delivery)).toBe(202);
  expect(await state()).toEqual(after);
});

test('no secret stands in the log, in Slack or in what the health pages say', async () => {
  const { slack, pagerduty, privateUrl } = program.world;
  const secrets = [
    slack.botToken,
    slack.signingSecret,
    pagerduty.apiToken,
    pagerduty.webhookSecret,
    ...pagerduty.routingKeys,
  ];
  const pages = await Promise.all(
    ['healthz', 'readyz', 'metrics'].map(async (page) => (await fetch(`${privateUrl}/${page}`)).text()),
  );
  const texts = [program.process().output(), JSON.stringify(program.world.workspace.snapshot()), ...pages];
  for (const secret of secrets) for (const text of texts) expect(text).not.toContain(secret);
});
