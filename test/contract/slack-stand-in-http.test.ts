import type { AddressInfo } from 'node:net';
import { createServer, type RequestListener, type Server } from 'node:http';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackStandIn, startSlackStandIn } from '../../src/sandbox/slack/stand-in.ts';
import type { Person } from '../../src/sandbox/slack/person.ts';

let slack: SlackStandIn;
let bot: App;
let ana: Person;
let now: number;

beforeEach(async () => {
  now = Date.now();
  slack = await startSlackStandIn({ clock: () => now });
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logLevel: LogLevel.ERROR });
  const clientOptions = { slackApiUrl: slack.url, retryConfig: { retries: 0 } };
  bot = new App({ token: slack.botToken, receiver, clientOptions, logLevel: LogLevel.ERROR });
  bot.error(async () => undefined);
  const server: Server = await receiver.start({ port: 0, host: '127.0.0.1' });
  slack.workspace.requestUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  ana = slack.workspace.user('U01ANA');
  // Bolt asks auth.test from its constructor without waiting for the answer.
  await slack.workspace.waitFor(() => slack.workspace.requests('auth.test').length > 0);
});
afterEach(async () => {
  await bot.stop();
  await slack.close();
});

async function listen(handle: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const button = (text: string, action_id: string, value = '') => ({
  type: 'button' as const,
  text: { type: 'plain_text' as const, text },
  action_id,
  value,
});
const modal = (title = 'Declare') => ({
  type: 'modal' as const,
  callback_id: 'declare',
  private_metadata: 'C1',
  title: { type: 'plain_text' as const, text: title },
  submit: { type: 'plain_text' as const, text: 'Go' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'title',
      label: { type: 'plain_text' as const, text: 'Title' },
      element: { type: 'plain_text_input' as const, action_id: 'value' },
    },
    {
      type: 'input' as const,
      block_id: 'severity',
      label: { type: 'plain_text' as const, text: 'Severity' },
      element: {
        type: 'static_select' as const,
        action_id: 'value',
        options: ['P0', 'P1'].map((name) => ({ text: { type: 'plain_text' as const, text: name }, value: name })),
      },
    },
  ],
});

describe('slash commands over signed HTTP', () => {
  it('reach a real Bolt receiver, and its answer comes back', async () => {
    bot.command('/dr', async ({ ack, command }) =>
      ack(`${command.user_id} in ${command.channel_name}: ${command.text}`),
    );
    const reply = await ana.command('/dr', 'declare P0 power & "quotes" ü', { channel: '#leadership' });
    expect(reply).toMatchObject({
      status: 200,
      via: 'http',
      text: 'U01ANA in leadership: declare P0 power & "quotes" ü',
    });
    expect(ana.ephemerals).toMatchObject([{ channel: 'C01LEADERS', via: 'ack' }]);
  });

  it('are refused when forged, unsigned or stale, and accepted when fresh', async () => {
    let heard = 0;
    bot.command('/dr', async ({ ack }) => {
      heard += 1;
      await ack();
    });
    for (const tamper of [{ signature: 'wrong' }, { signature: 'missing' }, { ageSeconds: 301 + 5 }] as const) {
      expect((await ana.command('/dr', 'status', { tamper })).status).toBe(401);
    }
    expect(heard).toBe(0);
    expect((await ana.command('/dr', 'status', { tamper: { ageSeconds: 200 } })).status).toBe(200);
    expect(heard).toBe(1);
  });

  it('can be replayed byte for byte', async () => {
    const triggers: string[] = [];
    bot.command('/dr', async ({ ack, command }) => {
      triggers.push(command.trigger_id);
      await ack();
    });
    await ana.command('/dr', 'status');
    await slack.workspace.replayLast();
    expect(triggers).toHaveLength(2);
    expect(triggers[0]).toBe(triggers[1]);
  });

  it('can claim to come from a foreign team', async () => {
    let team = '';
    bot.command('/dr', async ({ ack, command }) => {
      team = command.team_id;
      await ack();
    });
    await ana.command('/dr', 'status', { teamId: 'T0FOREIGN' });
    expect(team).toBe('T0FOREIGN');
  });

  it('tell the person after three seconds that the bot is silent, and at once that it is not there', async () => {
    const silent = await listen(() => undefined);
    slack.workspace.requestUrl = silent.url;
    const reply = await ana.command('/dr', 'status');
    expect(reply).toMatchObject({ status: 0, error: 'operation_timeout' });
    expect(reply.ms).toBeGreaterThanOrEqual(2990);
    await silent.close();
    expect(await ana.command('/dr', 'status')).toMatchObject({ status: 0, error: 'dispatch_failed' });
  });
});

describe('response URLs', () => {
  it('are good for five answers and for thirty minutes', async () => {
    const statuses: number[] = [];
    let url = '';
    bot.command('/dr', async ({ ack, command }) => {
      url = command.response_url;
      await ack();
    });
    const answer = async (body: object) => {
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      statuses.push(response.status);
    };
    await ana.command('/dr', 'status');
    for (let n = 1; n <= 6; n += 1) await answer({ text: `answer ${n}` });
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(ana.ephemerals.map((one) => one.text)).toEqual([1, 2, 3, 4, 5].map((n) => `answer ${n}`));
    await ana.command('/dr', 'status');
    now += 30 * 60_000 + 1;
    await answer({ text: 'late' });
    expect(statuses.at(-1)).toBe(404);
  });

  it('replace or delete the message whose button was pressed, and can post to all', async () => {
    bot.action('a', async ({ ack, respond, body }) => {
      await ack();
      if (body.type === 'block_actions' && body.actions[0] && 'value' in body.actions[0]) {
        await respond(JSON.parse(body.actions[0].value ?? '{}') as Record<string, never>);
      }
    });
    const room = slack.workspace.channel('#general');
    const post = async (value: object) => {
      const blocks = [{ type: 'actions' as const, elements: [button('Do', 'a', JSON.stringify(value))] }];
      const { ts } = await bot.client.chat.postMessage({ channel: room.id, text: 'card', blocks });
      await ana.press(
        room.messages().find((one) => one.ts === ts)!,
        'Do',
      );
      return ts;
    };
    const replaced = await post({ replace_original: true, text: 'done' });
    await slack.workspace.waitFor({ text: 'done' });
    const inChannel = await post({ response_type: 'in_channel', text: 'for all' });
    await slack.workspace.waitFor({ text: 'for all' });
    const deleted = await post({ delete_original: true });
    await slack.workspace.waitFor(() => !room.messages().some((one) => one.ts === deleted));
    expect(room.messages().map((one) => one.text)).toEqual(['done', 'card', 'for all']);
    expect(room.messages().map((one) => one.ts)).toEqual([replaced, inChannel, expect.any(String)]);
  });
});

describe('buttons', () => {
  it('carry who pressed what, where, with the message and the value', async () => {
    const seen: unknown[] = [];
    bot.action('approve', async ({ ack, body, action }) => {
      seen.push({ body, action });
      await ack();
    });
    const room = slack.workspace.channel('#general');
    const blocks = [
      { type: 'actions' as const, elements: [button('Approve', 'approve', '42'), button('Deny', 'deny', '42')] },
    ];
    await bot.client.chat.postMessage({ channel: room.id, text: 'Approve?', blocks });
    const [message] = room.cards;
    expect(await ana.press(message!, 'Approve')).toMatchObject({ status: 200 });
    await slack.workspace.user('U01BEN').press(message!, { action_id: /^app/ });
    expect(seen).toMatchObject([
      {
        body: { user: { id: 'U01ANA', team_id: 'T0SANDBOX' }, container: { message_ts: message!.ts } },
        action: { value: '42' },
      },
      { body: { user: { id: 'U01BEN' }, channel: { name: 'general' }, message: { text: 'Approve?' } } },
    ]);
  });

  it('that are not there cannot be pressed, unless they were seen earlier', async () => {
    bot.action('a', async ({ ack }) => ack());
    const room = slack.workspace.channel('#general');
    const blocks = [{ type: 'actions' as const, elements: [button('Old', 'a')] }];
    const { ts } = await bot.client.chat.postMessage({ channel: room.id, text: 'card', blocks });
    const asSeen = structuredClone(room.cards[0]!);
    const fresh = [{ type: 'actions' as const, elements: [button('New', 'a')] }];
    await bot.client.chat.update({ channel: room.id, ts: ts!, text: 'card', blocks: fresh });
    await expect(ana.press(asSeen, 'Old')).rejects.toThrow('"New" (a)');
    expect((await ana.press(asSeen, 'Old', { asSeen: true })).status).toBe(200);
  });

  it('pressed by somebody of another organisation show the foreign team', async () => {
    const teams: unknown[] = [];
    bot.action('a', async ({ ack, body }) => {
      teams.push(body.user.team_id, body.team?.id);
      await ack();
    });
    const eve = slack.workspace.addUser({ id: 'U09EVE', name: 'eve', teamId: 'T0OTHER' });
    const blocks = [{ type: 'actions' as const, elements: [button('Do', 'a')] }];
    await bot.client.chat.postMessage({ channel: 'C01GENERAL', text: 'card', blocks });
    await eve.press(slack.workspace.channel('general').cards[0]!, 'Do');
    expect(teams).toEqual(['T0OTHER', 'T0SANDBOX']);
  });
});

describe('forms', () => {
  beforeEach(() => {
    bot.command('/dr', async ({ ack, client, command }) => {
      await client.views.open({ trigger_id: command.trigger_id, view: modal() });
      await ack();
    });
  });

  it('are opened by a trigger, filled in, refused with field errors, and closed when taken', async () => {
    const taken: unknown[] = [];
    bot.view('declare', async ({ ack, view }) => {
      const title = view.state.values['title']?.['value']?.value ?? '';
      if (title.length < 5) return ack({ response_action: 'errors', errors: { title: 'Say more.' } });
      taken.push(title, view.state.values['severity']?.['value']?.selected_option?.value, view.private_metadata);
      return ack();
    });
    await ana.command('/dr', 'declare');
    await expect(ana.submit(ana.view!, { title: 'power' })).rejects.toThrow('severity must be filled in');
    expect((await ana.submit(ana.view!, { title: 'x', severity: 'P0' })).errors).toEqual({ title: 'Say more.' });
    expect(ana.view).toBeDefined();
    await ana.submit(ana.view!, { title: 'power lost' });
    expect(taken).toEqual(['power lost', 'P0', 'C1']);
    expect(ana.view).toBeUndefined();
  });

  it('can be updated, pushed upon and cleared by the answer', async () => {
    bot.view('declare', async ({ ack, view }) => {
      if (view.title.text === 'Declare') return ack({ response_action: 'push', view: modal('Second') });
      if (view.title.text === 'Second') return ack({ response_action: 'update', view: modal('Third') });
      return ack({ response_action: 'clear' });
    });
    await ana.command('/dr', 'declare');
    const values = { title: 'power lost', severity: 'P1' };
    const titles: unknown[] = [];
    for (let n = 0; n < 3; n += 1) {
      titles.push(ana.view?.view['title']);
      await ana.submit(ana.view!, values);
    }
    expect(titles).toMatchObject([{ text: 'Declare' }, { text: 'Second' }, { text: 'Third' }]);
    expect(ana.view).toBeUndefined();
  });

  it('open from a message shortcut and from a global one', async () => {
    const seen: string[] = [];
    bot.shortcut('declare_from', async ({ ack, shortcut }) => {
      seen.push(shortcut.type === 'message_action' ? (shortcut.message.text ?? '') : shortcut.type);
      await ack();
    });
    const message = await ana.say('#general', 'the site is down', { via: 'http' });
    await ana.shortcut('declare_from', message);
    await ana.shortcut('declare_from');
    expect(seen).toEqual(['the site is down', 'shortcut']);
  });
});

describe('events', () => {
  it('tell the bot what people write, react to, join and open', async () => {
    const seen: unknown[] = [];
    bot.event(/.*/, async ({ event }) => {
      seen.push(event.type);
    });
    const message = await ana.say('#general', 'hello');
    await ana.react(message, 'eyes');
    await ana.join('#leadership');
    await ana.openHome();
    expect(seen).toEqual(['message', 'reaction_added', 'member_joined_channel', 'app_home_opened']);
  });

  it('are sent again after an error, with the number and the reason, until they are taken', async () => {
    const seen: unknown[] = [];
    const failing = await listen((request, response) => {
      seen.push([request.headers['x-slack-retry-num'], request.headers['x-slack-retry-reason']]);
      response.writeHead(seen.length < 3 ? 500 : 200).end();
    });
    slack.workspace.requestUrl = failing.url;
    slack.workspace.eventRetryDelaysMs = [0, 0, 0];
    await ana.say('#general', 'hello');
    const { wire } = slack.workspace;
    await slack.workspace.waitFor(() => wire.list({ method: 'events_api' }).some((entry) => entry.status === 200));
    expect(seen).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
    await failing.close();
  });

  it('do not reach a bot that is no member of the channel', async () => {
    let heard = 0;
    bot.event('message', async () => {
      heard += 1;
    });
    slack.workspace.addChannel({ id: 'C09OTHER', name: 'other', bot: false });
    await ana.say('#other', 'hello');
    await ana.say('#general', 'hello');
    expect(heard).toBe(1);
  });

  it('tell the bot of its own posts and edits only when asked', async () => {
    const seen: unknown[] = [];
    const taken = await listen((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { event } = JSON.parse(body) as { event: { type: string; subtype?: string } };
        seen.push(event.subtype ?? event.type);
        response.end();
      });
    });
    slack.workspace.requestUrl = taken.url;
    const metadata = { event_type: 'page', event_payload: { key: 'k' } };
    await bot.client.chat.postMessage({ channel: 'C01GENERAL', text: 'unheard', metadata });
    slack.workspace.echo = true;
    const { ts } = await bot.client.chat.postMessage({ channel: 'C01GENERAL', text: 'heard', metadata });
    await bot.client.chat.update({ channel: 'C01GENERAL', ts: ts!, text: 'edited' });
    await slack.workspace.waitFor(() => seen.length === 3);
    expect(seen.sort()).toEqual(['message', 'message_changed', 'message_metadata_posted']);
    await taken.close();
  });
});
