import { EventEmitter } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailSink } from '@lifeboat/stand-ins/mail/mail-sink';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { Break, Change, GestureAnswer, ServiceTile, Snapshot, TourStep } from '@lifeboat/sandbox/page/protocol';
import { startPage, type Page } from '@lifeboat/sandbox/page/server';
import { startSlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { outsideParts, Surroundings } from '@lifeboat/sandbox/surroundings';
import type { World } from '@lifeboat/sandbox/world';
import { waitFor } from '../support/wait-for.ts';

/** An estate of which only what is asked of it is noted; its processes have a suite of their own. */
class Asked extends EventEmitter<{ change: [ServiceTile] }> {
  asked: string[] = [];
  list = (): ServiceTile[] => [];
  break = (service: string, how: Break): Promise<void> => Promise.resolve(void this.asked.push(`${how} ${service}`));
  mend = (service: string): Promise<void> => Promise.resolve(void this.asked.push(`mend ${service}`));
}

let world: World;
let page: Page;
let services: Asked;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const [slack, pagerduty, mail] = await Promise.all([startSlackStandIn(), startPagerDutyStandIn(), startMailSink()]);
  services = new Asked();
  const surroundings = new Surroundings();
  for (const part of outsideParts(slack, pagerduty, surroundings)) surroundings.add(part);
  const tour = Object.assign(new EventEmitter<{ change: [TourStep[]] }>(), { list: () => [] });
  world = {
    ...{ slack, pagerduty, mail, services, surroundings, tour },
    ...{ estate: 'test', speed: 1, commands: [], shortcuts: [], pagerUser: () => 'PBEN001' },
  };
  page = await startPage({ world, port: 0, botPorts: () => ({ port: 0, privatePort: 0 }) });
  closing.push(
    () => slack.close(),
    () => pagerduty.close(),
    () => mail.close(),
    () => page.close(),
  );
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const state = async (): Promise<Snapshot> => (await fetch(`${page.url}/api/state`)).json() as Promise<Snapshot>;
async function post(
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: GestureAnswer }> {
  const answer = await fetch(`${page.url}/api/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page.url, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, answer: (await answer.json()) as GestureAnswer };
}

/** fetch sets Host itself, so what an attacker's page would cause goes over node:http. */
const withHost = (host: string, path = '/api/state'): Promise<number> =>
  new Promise((resolve, reject) => {
    const call = request(`${page.url}${path}`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject).end();
  });

/** What the page answers to bytes that no browser and no client of Node's would send. */
const raw = (lines: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(page.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.on('end', () => resolve(answer.split('\r\n')[0] ?? '')).on('error', reject);
    socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  });

test('refuses a second Host header, whichever of the two is right', async () => {
  const { host } = new URL(page.url);
  const get = (...hosts: string[]) => raw(['GET /api/state HTTP/1.1', ...hosts.map((each) => `Host: ${each}`)]);
  expect(await get(host)).toContain('200');
  expect(await get(host, 'evil.example.com')).toContain('403');
  expect(await get('evil.example.com', host)).toContain('403');
  expect(await get(host, host)).toContain('403');
});

test.each([
  ['a key', '{"as":"U01ANA","do":"submit","view":"V1","values":{"__proto__":"x"}}', 400],
  ['a key of its own', '{"as":"U01ANA","do":"submit","view":"V1","values":{"constructor":"x"}}', 400],
  ['a key on top', '{"as":"U01ANA","do":"open_home","__proto__":{"polluted":true}}', 400],
  ['a person', '{"as":"constructor","do":"open_home"}', 400],
  ['a channel', '{"as":"U01ANA","do":"say","channel":"__proto__","text":"hello"}', 400],
])('refuses what every object inherits as %s of a gesture', async (_name, body, status) => {
  expect((await post(body)).status).toBe(status);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('the stand-in of Slack knows nobody and no channel by what every object inherits', async () => {
  const { workspace } = world.slack;
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect(workspace.events.user(name)).toBeUndefined();
    expect(workspace.events.findChannel(name)).toBeUndefined();
  }
});

test('shows what people write, and tells open pages of it', async () => {
  const changes: Change[] = [];
  const stream = await fetch(`${page.url}/api/changes`);
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  void (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      for (const [, data = ''] of part.value.matchAll(/^data: (.+)$/gm)) changes.push(JSON.parse(data) as Change);
  })();
  expect(await post({ as: 'U01ANA', do: 'say', channel: '#general', text: 'Is anybody there?' })).toMatchObject({
    status: 200,
    answer: { ok: true },
  });
  await waitFor('the change', () => changes.some((each) => each.kind === 'message'));
  await reader.cancel();
  const { workspace } = await state();
  expect(workspace.messages.map(({ text, user }) => [text, user])).toEqual([['Is anybody there?', 'U01ANA']]);
});

test('reacts, takes it back, pins and bookmarks', async () => {
  const [message] = (await state()).workspace.messages;
  const at = { as: 'U01BEN', channel: message!.channel, ts: message!.ts };
  await post({ ...at, do: 'react', name: 'eyes' });
  expect((await state()).workspace.messages[0]?.reactions).toEqual([{ name: 'eyes', users: ['U01BEN'] }]);
  await post({ ...at, do: 'react', name: 'eyes' });
  expect((await state()).workspace.messages[0]?.reactions).toEqual([]);
  await post({ ...at, do: 'pin', pinned: true });
  await post({ as: 'U01BEN', do: 'bookmark', channel: '#general', title: 'Plan', link: 'https://example.com/plan' });
  const general = (await state()).workspace.channels.find(({ name }) => name === 'general');
  expect(general).toMatchObject({ pins: [message!.ts], bookmarks: [{ title: 'Plan' }] });
});

test('says in words why a command came to nothing', async () => {
  const command = { as: 'U01ANA', do: 'command', channel: '#general', command: '/dr', text: 'status' };
  expect((await post(command)).answer).toMatchObject({
    ok: false,
    error: expect.stringContaining('not connected') as string,
  });
  await post({ as: 'U01ANA', do: 'surrounding', id: 'slack', up: false });
  expect((await post(command)).answer.error).toContain('Slack is away');
  await post({ as: 'U01ANA', do: 'surrounding', id: 'slack', up: true });
  expect((await state()).surroundings.map(({ state }) => state)).toEqual(['up', 'up']);
});

test('breaks and mends services, and refuses gestures that are none', async () => {
  await post({ as: 'U01ANA', do: 'break', service: 'api-gateway', how: 'kill' });
  await post({ as: 'U01ANA', do: 'mend', service: 'api-gateway' });
  expect(services.asked).toEqual(['kill api-gateway', 'mend api-gateway']);
  const bad: [unknown, RegExp][] = [
    ['{', /no JSON/],
    [{ as: 'U01ANA', do: 'fly' }, /do/],
    [{ as: 'U01ANA', do: 'break', service: 'api-gateway', how: 'shout' }, /how/],
    [{ as: 'U01ANA', do: 'say', channel: '#general', text: 'x', extra: 1 }, /extra/],
    [{ as: 'U01ANA', do: 'bookmark', channel: '#general', title: 'x', link: 'javascript:alert(1)' }, /link/],
  ];
  for (const [body, why] of bad) {
    const { status, answer } = await post(body);
    expect([status, answer.ok]).toEqual([400, false]);
    expect(answer.error).toMatch(why);
  }
  expect((await post({ as: 'U0NOBODY', do: 'say', channel: '#general', text: 'x' })).answer.error).toMatch(/no user/);
  expect((await post({ as: 'U01ANA', do: 'say', channel: '#nowhere', text: 'x' })).answer.error).toMatch(/no channel/);
});

test('is closed to other sites that are open in the same browser', async () => {
  const say = { as: 'U01ANA', do: 'say', channel: '#general', text: 'forged' };
  expect((await post(say, { origin: 'http://evil.example.com' })).status).toBe(403);
  expect((await post(say, { origin: 'null' })).status).toBe(403);
  expect((await post(say, { 'content-type': 'text/plain' })).status).toBe(403);
  expect((await fetch(`${page.url}/api/act`, { method: 'POST', body: JSON.stringify(say) })).status).toBe(403);
  const { port } = new URL(page.url);
  expect(await withHost(`evil.example.com:${port}`)).toBe(403); // a name that was made to lead here
  expect(await withHost(`localhost:${port}`)).toBe(200);
  expect((await state()).workspace.messages.some(({ text }) => text === 'forged')).toBe(false);
  const { headers } = await fetch(`${page.url}/api/state`);
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
});

test('the stand-ins behind it are closed to them too', async () => {
  const { slack, pagerduty } = world;
  const before = pagerduty.pager.requests().length;
  for (const address of [`${slack.url}api.test`, `${pagerduty.eventsUrl}/enqueue`]) {
    const forged = await fetch(address, { method: 'POST', headers: { origin: 'http://evil.example.com' } });
    expect(forged.status).toBe(403);
  }
  expect(pagerduty.pager.requests()).toHaveLength(before);
});

test('rings telephones, takes their answers, and shows the wire without secrets', async () => {
  const { eventsUrl, routingKeys, webhookSecret } = world.pagerduty;
  const [routing_key] = routingKeys;
  await fetch(`${eventsUrl}/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Token token=hidden' },
    body: JSON.stringify({
      ...{ routing_key, event_action: 'trigger', dedup_key: 'k1' },
      payload: { summary: 'The shop is dark', source: 'test', severity: 'critical' },
    }),
  });
  const [phone] = (await state()).phones;
  expect(phone).toMatchObject({ summary: 'The shop is dark', status: 'triggered', assignees: ['Ana Ito'] });
  await post({ as: 'U01BEN', do: 'acknowledge', phone: phone!.id });
  const after = await state();
  expect(after.phones[0]).toMatchObject({ status: 'acknowledged' });
  expect(after.phones[0]?.log.map(({ text }) => text)).toEqual([
    'Triggered',
    'Rang Ana Ito',
    'Acknowledged by Ben Okoro',
  ]);
  expect(after.wire).toMatchObject([{ between: 'pagerduty', direction: 'out', what: 'POST /v2/enqueue', status: 202 }]);
  const shown = JSON.stringify(after);
  for (const secret of [routing_key!, 'hidden', webhookSecret, world.slack.botToken, world.slack.signingSecret])
    expect(shown).not.toContain(secret);
});
