import { readFileSync } from 'node:fs';
import type { ConversationsHistoryResponse, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { methods } from '@lifeboat/stand-ins/slack/methods/registry';
import { type SlackStandIn, startSlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import type { Workspace } from '@lifeboat/stand-ins/slack/workspace';
import { clientOf, refusal, section } from './slack-stand-in-client.ts';

let slack: SlackStandIn;
let workspace: Workspace;
let client: WebClient;
let now: number;

beforeEach(async () => {
  now = 1_790_000_000_000;
  slack = await startSlackStandIn({ clock: () => now });
  workspace = slack.workspace;
  client = clientOf(slack);
});
afterEach(() => slack.close());

const general = 'C01GENERAL';
const post = (text: string, more: object = {}) => client.chat.postMessage({ channel: general, text, ...more });

describe('tokens and methods', () => {
  it('says who the bot is', async () => {
    expect(await client.auth.test()).toMatchObject({
      team_id: 'T0SANDBOX',
      user_id: 'U0LIFEBOAT',
      bot_id: 'B0LIFEBOAT',
    });
  });

  it('refuses a missing token, a wrong token, the wrong kind of token and an unknown method', async () => {
    expect(await refusal(clientOf(slack, '').auth.test())).toBe('not_authed');
    expect(await refusal(clientOf(slack, 'xoxb-other').auth.test())).toBe('invalid_auth');
    expect(await refusal(clientOf(slack, slack.appToken).auth.test())).toBe('not_allowed_token_type');
    expect(await refusal(client.apiCall('chat.shout'))).toBe('unknown_method');
  });

  it('takes JSON bodies as well as forms', async () => {
    const response = await fetch(`${slack.url}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${slack.botToken}` },
      body: JSON.stringify({
        channel: general,
        text: 'as JSON',
        metadata: { event_type: 'a', event_payload: { key: 'k' } },
      }),
    });
    expect(await response.json()).toMatchObject({ ok: true, channel: general });
    expect(workspace.messages({ key: 'k' })).toHaveLength(1);
  });

  it('has every method listed in the documentation, and documents every method', () => {
    const text = readFileSync(new URL('../../docs/slack-stand-in.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `([\w.]+)` +\| (yes|no) /gm)].map(([, name = '', done = '']) => [name, done]);
    const done = rows.filter(([, state]) => state === 'yes').map(([name]) => name);
    expect(done.sort()).toEqual([...Object.keys(methods), 'apps.connections.open'].sort());
    for (const [name = '', state] of rows) if (state === 'no') expect(methods).not.toHaveProperty([name]);
  });
});

describe('posting', () => {
  it('goes to a channel id, a channel name, or a person, whose direct message has its own id', async () => {
    expect(await post('by id')).toMatchObject({ channel: general });
    expect(await client.chat.postMessage({ channel: '#leadership', text: 'by name' })).toMatchObject({
      channel: 'C01LEADERS',
    });
    const direct = await client.chat.postMessage({ channel: 'U01ANA', text: 'to a person' });
    expect(direct.channel).toMatch(/^D/);
    expect(workspace.user('ana').directMessages.map((one) => one.text)).toEqual(['to a person']);
    expect(await refusal(client.chat.update({ channel: 'U01ANA', ts: direct.ts!, text: 'x' }))).toBe(
      'channel_not_found',
    );
    expect(await refusal(client.chat.update({ channel: direct.channel!, ts: direct.ts!, text: 'x' }))).toBe('ok');
  });

  it('is refused where the bot is no member, where nothing is, and where the channel is archived', async () => {
    workspace.addChannel({ id: 'C09OTHER', name: 'other', bot: false });
    expect(await refusal(client.chat.postMessage({ channel: 'C09OTHER', text: 'x' }))).toBe('not_in_channel');
    expect(await refusal(client.chat.postMessage({ channel: '#nowhere', text: 'x' }))).toBe('channel_not_found');
    await client.conversations.join({ channel: 'C09OTHER' });
    await client.conversations.archive({ channel: 'C09OTHER' });
    expect(await refusal(client.chat.postMessage({ channel: 'C09OTHER', text: 'x' }))).toBe('is_archived');
  });

  it('gives timestamps that never repeat and always grow, although the clock stands still', async () => {
    const sent = [];
    for (let n = 0; n < 5; n += 1) sent.push((await post(`m${n}`)).ts!);
    expect(new Set(sent).size).toBe(5);
    expect([...sent].sort()).toEqual(sent);
  });

  it('needs a text or blocks, and cuts off at 40 000 characters, or 4000 in an update', async () => {
    expect(await refusal(post(' '))).toBe('no_text');
    expect(await refusal(post('x'.repeat(40_001)))).toBe('msg_too_long');
    const { ts } = await post('x'.repeat(40_000));
    expect(await refusal(client.chat.update({ channel: general, ts: ts!, text: 'x'.repeat(4001) }))).toBe(
      'msg_too_long',
    );
    expect(await refusal(client.chat.update({ channel: general, ts: ts!, text: 'x'.repeat(4000) }))).toBe('ok');
  });

  it('edits only what the bot wrote, keeps what an edit does not mention, and counts edits', async () => {
    const metadata = { event_type: 'card', event_payload: { key: 'k1' } };
    const { ts } = await post('card', { metadata, blocks: [section('old')] });
    await client.chat.update({ channel: general, ts: ts!, text: 'new' });
    const [message] = workspace.messages({ key: 'k1' });
    expect(message).toMatchObject({ text: 'new', edits: 1, metadata, blocks: [{ text: { text: 'old' } }] });
    await client.chat.update({ channel: general, ts: ts!, text: 'newer', blocks: [], metadata: {} as never });
    expect(workspace.messages({ text: 'newer' })[0]).not.toHaveProperty('blocks');
    expect(workspace.messages({ key: 'k1' })).toEqual([]);
    const foreign = await workspace.user('U01ANA').say(general, 'mine');
    expect(await refusal(client.chat.update({ channel: general, ts: foreign.ts, text: 'x' }))).toBe(
      'cant_update_message',
    );
    expect(await refusal(client.chat.update({ channel: general, ts: '1.0', text: 'x' }))).toBe('message_not_found');
  });

  it('shows an ephemeral message only to a member, and never in the history', async () => {
    await client.chat.postEphemeral({ channel: general, user: 'U01BEN', text: 'for you' });
    expect(workspace.user('U01BEN').ephemerals).toMatchObject([{ text: 'for you' }]);
    expect((await client.conversations.history({ channel: general })).messages).toEqual([]);
    workspace.addChannel({ id: 'C09SMALL', name: 'small', members: ['U01ANA'] });
    const outside = client.chat.postEphemeral({ channel: 'C09SMALL', user: 'U01BEN', text: 'x' });
    expect(await refusal(outside)).toBe('user_not_in_channel');
  });

  it('keeps to the rules of metadata', async () => {
    const withMetadata = (metadata: unknown) => refusal(post('x', { metadata }));
    expect(await withMetadata({ event_type: 'a' })).toBe('invalid_metadata_schema');
    expect(await withMetadata([1])).toBe('invalid_metadata_format');
    expect(await withMetadata({ event_type: 'a', event_payload: { big: 'x'.repeat(9000) } })).toBe(
      'metadata_too_large',
    );
  });
});

describe('channels', () => {
  it('have names of lower case letters, digits, hyphens and underscores, of at most 80 characters, once', async () => {
    const create = (name: string) => refusal(client.conversations.create({ name }));
    expect(await create('dr-1-power_lost')).toBe('ok');
    expect(await create('dr-1-power_lost')).toBe('name_taken');
    expect(await create('Upper')).toBe('invalid_name_specials');
    expect(await create('with space')).toBe('invalid_name_specials');
    expect(await create('---')).toBe('invalid_name_punctuation');
    expect(await create('')).toBe('invalid_name_required');
    expect(await create('x'.repeat(81))).toBe('invalid_name_maxlength');
    expect(await create('x'.repeat(80))).toBe('ok');
  });

  it('keep the name of an archived channel taken, and list it unless told not to', async () => {
    const { channel } = await client.conversations.create({ name: 'dr-2' });
    await client.conversations.archive({ channel: channel!.id! });
    expect(await refusal(client.conversations.create({ name: 'dr-2' }))).toBe('name_taken');
    expect(await refusal(client.conversations.archive({ channel: channel!.id! }))).toBe('already_archived');
    expect(await refusal(client.conversations.setTopic({ channel: channel!.id!, topic: 'x' }))).toBe('is_archived');
    const names = async (exclude_archived: boolean) =>
      (await client.conversations.list({ exclude_archived })).channels?.map((one) => one.name);
    expect(await names(false)).toContain('dr-2');
    expect(await names(true)).not.toContain('dr-2');
  });

  it('take invitations as a whole or not at all, unless forced', async () => {
    const { channel } = await client.conversations.create({ name: 'dr-3' });
    const invite = (users: string, force = false) =>
      client.conversations.invite({ channel: channel!.id!, users, force });
    expect(await refusal(invite('U01ANA,U0NOBODY'))).toBe('user_not_found');
    expect(workspace.channel('dr-3').members).toEqual(['U0LIFEBOAT']);
    expect(await invite('U01ANA,U0NOBODY', true)).toMatchObject({
      errors: [{ user: 'U0NOBODY', error: 'user_not_found' }],
    });
    expect(workspace.channel('dr-3').members).toContain('U01ANA');
    expect(await refusal(invite('U01ANA'))).toBe('already_in_channel');
    expect(await refusal(invite('U0LIFEBOAT'))).toBe('cant_invite_self');
    expect(await refusal(invite(''))).toBe('no_user');
    expect(await refusal(invite(Array.from({ length: 101 }, (_, n) => `U${n}`).join(',')))).toBe('too_many_users');
  });

  it('have a topic, pins and bookmarks', async () => {
    const { channel } = await client.conversations.create({ name: 'dr-4' });
    const id = channel!.id!;
    await client.conversations.setTopic({ channel: id, topic: 'P0 | open' });
    const { ts } = await client.chat.postMessage({ channel: id, text: 'card' });
    expect(await refusal(client.pins.add({ channel: id, timestamp: ts! }))).toBe('ok');
    expect(await refusal(client.pins.add({ channel: id, timestamp: ts! }))).toBe('already_pinned');
    await client.bookmarks.add({ channel_id: id, title: 'Runbook', type: 'link', link: 'https://example.com/r' });
    expect((await client.bookmarks.list({ channel_id: id })).bookmarks).toMatchObject([{ title: 'Runbook' }]);
    expect(workspace.channel('#dr-4')).toMatchObject({ topic: 'P0 | open', pins: [{ text: 'card' }], archived: false });
    expect((await client.pins.list({ channel: id })).items).toHaveLength(1);
    await client.pins.remove({ channel: id, timestamp: ts! });
    expect(await refusal(client.pins.remove({ channel: id, timestamp: ts! }))).toBe('no_pin');
  });

  it('carry reactions', async () => {
    const { ts } = await post('react to me');
    const reaction = { channel: general, timestamp: ts!, name: 'eyes' };
    await client.reactions.add(reaction);
    expect(await refusal(client.reactions.add(reaction))).toBe('already_reacted');
    expect(await client.reactions.get(reaction)).toMatchObject({
      message: { reactions: [{ name: 'eyes', count: 1 }] },
    });
    await client.reactions.remove(reaction);
    expect(await refusal(client.reactions.remove(reaction))).toBe('no_reaction');
  });
});

describe('history', () => {
  it('shows the payload of metadata only on request', async () => {
    await post('x', { metadata: { event_type: 'page', event_payload: { key: 'k' } } });
    const read = async (more: object) =>
      (await client.conversations.history({ channel: general, ...more })).messages![0];
    expect((await read({})) as unknown).toMatchObject({ metadata: { event_type: 'page' } });
    expect(((await read({})) as { metadata?: object }).metadata).not.toHaveProperty('event_payload');
    expect(await read({ include_all_metadata: true })).toMatchObject({ metadata: { event_payload: { key: 'k' } } });
  });

  it('is newest first, without thread replies, within its bounds, page by page', async () => {
    const sent: string[] = [];
    for (let n = 0; n < 5; n += 1) sent.push((await post(`m${n}`)).ts!);
    await post('reply', { thread_ts: sent[0] });
    const texts = async (more: object) =>
      (await client.conversations.history({ channel: general, ...more })).messages!.map((one) => one.text);
    expect(await texts({})).toEqual(['m4', 'm3', 'm2', 'm1', 'm0']);
    expect(await texts({ oldest: sent[1], latest: sent[4] })).toEqual(['m3', 'm2']);
    expect(await texts({ oldest: sent[1], latest: sent[4], inclusive: true })).toEqual(['m4', 'm3', 'm2', 'm1']);
    const pages: unknown[] = [];
    for await (const page of client.paginate('conversations.history', { channel: general, limit: 2 })) {
      const { messages } = page as ConversationsHistoryResponse;
      pages.push(messages?.map((one) => one.text));
    }
    expect(pages).toEqual([['m4', 'm3'], ['m2', 'm1'], ['m0']]);
    const thread = await client.conversations.replies({ channel: general, ts: sent[0]! });
    expect(thread.messages!.map((one) => one.text)).toEqual(['m0', 'reply']);
    expect(await refusal(client.conversations.replies({ channel: general, ts: '1.0' }))).toBe('thread_not_found');
  });

  it('lags when told to', async () => {
    workspace.historyLag(2000);
    await post('fresh');
    const count = async () => (await client.conversations.history({ channel: general })).messages!.length;
    expect(await count()).toBe(0);
    now += 2000;
    expect(await count()).toBe(1);
  });
});
