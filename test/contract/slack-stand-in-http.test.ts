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

const button = (text: string, action_id: string, value = '') => ({
  type: 'button' as const,
  text: { type: 'plain_text' as const, text },
  action_id,
  value,
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
    world.forward(30 * 60_000 + 1);
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
