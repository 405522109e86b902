import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type SlackStandIn, startSlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';

let slack: SlackStandIn;
let stops: (() => Promise<unknown>)[];

beforeEach(async () => {
  slack = await startSlackStandIn();
  stops = [];
});
afterEach(async () => {
  // The server goes first: Bolt's stop does not wait for its sockets, and a cut socket must not reconnect.
  for (const stop of stops.reverse()) await stop();
  await slack.close();
});

async function startBolt(listen: (app: App) => void): Promise<SocketModeReceiver> {
  const clientOptions = { slackApiUrl: slack.url };
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logLevel: LogLevel.ERROR,
    clientPingTimeout: 300,
    installerOptions: { clientOptions },
  });
  const app = new App({ token: slack.botToken, receiver, clientOptions, logLevel: LogLevel.ERROR });
  listen(app);
  await app.start();
  stops.push(() => app.stop());
  return receiver;
}

describe('Socket Mode', () => {
  it('answers a slash command with what the bot acknowledged, and shows it to that person only', async () => {
    await startBolt((app) => app.command('/dr', async ({ ack, command }) => ack({ text: `heard ${command.text}` })));
    const ana = slack.workspace.user('U01ANA');
    const reply = await ana.command('/dr', 'declare P0 power lost', { channel: '#general' });
    expect(reply).toMatchObject({
      status: 200,
      via: 'socket',
      text: 'heard declare P0 power lost',
      response_type: 'ephemeral',
    });
    expect(ana.ephemerals.map((one) => one.text)).toEqual(['heard declare P0 power lost']);
    expect(slack.workspace.user('U01BEN').ephemerals).toEqual([]);
  });

  it('hands one command to exactly one of several sockets, and uses all of them', async () => {
    const heard: number[] = [];
    for (const n of [0, 1, 2]) {
      await startBolt((app) =>
        app.command('/dr', async ({ ack }) => {
          heard.push(n);
          await ack();
        }),
      );
    }
    expect(slack.workspace.sockets.size).toBe(3);
    const ana = slack.workspace.user('U01ANA');
    await Promise.all(Array.from({ length: 9 }, () => ana.command('/dr', 'status')));
    expect(heard).toHaveLength(9);
    expect(new Set(heard).size).toBe(3);
  });

  it('sends an unacknowledged event again with the number of the attempt', async () => {
    slack.workspace.sockets.ackTimeoutMs = 50;
    const tries: (number | undefined)[] = [];
    const receiver = await startBolt(() => undefined);
    receiver.client.removeAllListeners('slack_event');
    receiver.client.on('slack_event', ({ ack, retry_num }: { ack: () => Promise<void>; retry_num?: number }) => {
      tries.push(retry_num);
      if (tries.length === 3) void ack();
    });
    await slack.workspace.user('U01ANA').say('#general', 'hello');
    expect(tries).toEqual([0, 1, 2]);
  });

  it('replays an envelope under the same id', async () => {
    const ids: string[] = [];
    const receiver = await startBolt((app) => app.command('/dr', async ({ ack }) => ack()));
    receiver.client.on('slack_event', ({ envelope_id }: { envelope_id: string }) => ids.push(envelope_id));
    await slack.workspace.user('U01ANA').command('/dr', 'status');
    expect(await slack.workspace.replayLast()).toMatchObject({ status: 200 });
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('lets the bot reconnect after a refresh and after an outage', async () => {
    await startBolt((app) => app.command('/dr', async ({ ack }) => ack('here')));
    const { workspace } = slack;
    for (const cut of [() => workspace.sockets.disconnect('refresh_requested'), () => workspace.sockets.cut()]) {
      cut();
      await workspace.waitFor(() => workspace.sockets.size === 0);
      await workspace.waitFor(() => workspace.sockets.size === 1);
      expect(await workspace.user('U01ANA').command('/dr', 'status')).toMatchObject({ text: 'here' });
    }
  });

  it('tells the person that nobody answers when no socket is open', async () => {
    const reply = await slack.workspace.user('U01ANA').command('/dr', 'status');
    expect(reply).toMatchObject({ status: 0, error: 'dispatch_failed' });
  });

  it('refuses to open a connection with the bot token', async () => {
    const client = new WebClient(slack.botToken, {
      slackApiUrl: slack.url,
      retryConfig: { retries: 0 },
      logLevel: LogLevel.ERROR,
    });
    await expect(client.apps.connections.open({})).rejects.toMatchObject({ data: { error: 'not_allowed_token_type' } });
  });

  it('carries buttons and forms as well', async () => {
    const titles: unknown[] = [];
    const receiver = await startBolt((app) => {
      app.action('open', async ({ ack, body, client }) => {
        if (body.type !== 'block_actions') return;
        const title = { type: 'plain_text' as const, text: 'Note' };
        const element = { type: 'plain_text_input' as const, action_id: 'text' };
        const blocks = [{ type: 'input' as const, block_id: 'note', label: title, element }];
        await client.views.open({
          trigger_id: body.trigger_id,
          view: { type: 'modal', callback_id: 'note', title, submit: title, blocks },
        });
        await ack();
      });
      app.view('note', async ({ ack, view }) => {
        titles.push(view.state.values['note']?.['text']?.value);
        await ack({ response_action: 'clear' });
      });
    });
    expect(receiver.client).toBeDefined();
    const elements = [
      { type: 'button' as const, text: { type: 'plain_text' as const, text: 'Note' }, action_id: 'open' },
    ];
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.url });
    await client.chat.postMessage({ channel: '#general', text: 'card', blocks: [{ type: 'actions', elements }] });
    const ana = slack.workspace.user('U01ANA');
    await ana.press(slack.workspace.channel('#general').cards[0]!, 'Note');
    await ana.submit(ana.view!, { note: 'disk is full' });
    expect(titles).toEqual(['disk is full']);
    expect(ana.view).toBeUndefined();
  });

  it('comes back after an outage in which nothing could be reached', async () => {
    await startBolt((app) => app.command('/dr', async ({ ack }) => ack('here')));
    const { workspace } = slack;
    workspace.outage(true);
    await workspace.waitFor(() => workspace.sockets.size === 0);
    await expect(workspace.user('U01ANA').command('/dr')).resolves.toMatchObject({ error: 'dispatch_failed' });
    workspace.outage(false);
    await workspace.waitFor(() => workspace.sockets.size === 1);
    expect(await workspace.user('U01ANA').command('/dr')).toMatchObject({ text: 'here' });
  });

  it('says in its hello how many sockets are open, takes ten, and turns the eleventh away', async () => {
    const app = new WebClient(slack.appToken, { slackApiUrl: slack.url });
    const firstWords = async (): Promise<{ type: string; reason?: string; num_connections?: number }> => {
      const { url } = await app.apps.connections.open({});
      const socket = new WebSocket(url!);
      stops.push(async () => socket.terminate());
      return new Promise((resolve, reject) => {
        socket.on('message', (data: Buffer) => resolve(JSON.parse(data.toString()) as { type: string }));
        socket.on('error', reject);
      });
    };
    for (let n = 1; n <= 10; n += 1) expect(await firstWords()).toMatchObject({ type: 'hello', num_connections: n });
    expect(await firstWords()).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(slack.workspace.sockets.size).toBe(10);
  });

  it('takes a connection URL once', async () => {
    const app = new WebClient(slack.appToken, { slackApiUrl: slack.url });
    const { url } = await app.apps.connections.open({});
    const opened = () =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url!);
        stops.push(async () => socket.terminate());
        socket.on('open', () => resolve('open'));
        socket.on('error', (error) => resolve(error.message));
      });
    expect(await opened()).toBe('open');
    expect(await opened()).toContain('401');
  });
});
