import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '@lifeboat/stand-ins/slack/person';
import type { SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { type BoltBesideSlack, listen, startBoltBesideSlack } from './slack-stand-in-bolt.ts';

let world: BoltBesideSlack;
let slack: SlackStandIn;
let bot: App;
let ana: Person;

beforeEach(async () => {
  world = await startBoltBesideSlack();
  ({ slack, bot, ana } = world);
});
afterEach(() => world.stop());

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
