import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

describe('views', () => {
  const view = { type: 'home' as const, blocks: [section('hi')] };

  it('refuse a trigger that is unknown, used or older than three seconds', async () => {
    const opened = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'T' },
      blocks: [section('hi')],
    };
    const open = (trigger_id: string) => refusal(client.views.open({ trigger_id, view: opened }));
    const trigger = async () => {
      await workspace.user('U01ANA').command('/dr');
      return Object.keys(workspace.snapshot().triggers).at(-1)!;
    };
    expect(await open('1.2.3')).toBe('invalid_trigger_id');
    const used = await trigger();
    expect(await open(used)).toBe('ok');
    expect(await open(used)).toBe('exchanged_trigger_id');
    const late = await trigger();
    now += 3001;
    expect(await open(late)).toBe('expired_trigger_id');
  });

  it('guard against a lost update by their hash', async () => {
    const first = await client.views.publish({ user_id: 'U01ANA', view });
    const hash = first.view!.hash!;
    expect(await refusal(client.views.publish({ user_id: 'U01ANA', view, hash }))).toBe('ok');
    expect(await refusal(client.views.publish({ user_id: 'U01ANA', view, hash }))).toBe('hash_conflict');
    expect(workspace.user('U01ANA').home?.blocks).toMatchObject([{ text: { text: 'hi' } }]);
  });
});

describe('people', () => {
  it('are found by id and by e-mail', async () => {
    expect(await client.users.info({ user: 'U01ANA' })).toMatchObject({ user: { real_name: 'Ana Ito' } });
    expect(await client.users.lookupByEmail({ email: 'Ben@example.com' })).toMatchObject({ user: { id: 'U01BEN' } });
    expect(await refusal(client.users.lookupByEmail({ email: 'no@example.com' }))).toBe('users_not_found');
    expect(await refusal(client.users.info({ user: 'U0' }))).toBe('user_not_found');
    workspace.addUserGroup({ id: 'S1', handle: 'dba', name: 'DBA', users: ['U01BEN'] });
    expect(await client.usergroups.list({ include_users: true })).toMatchObject({
      usergroups: [{ users: ['U01BEN'] }],
    });
  });

  it('can be sent a file', async () => {
    const sent = await client.filesUploadV2({
      channel_id: general,
      filename: 'report.md',
      content: '# Report',
      title: 'Report',
    });
    expect(sent.ok).toBe(true);
    const [message] = workspace.messages({ channel: general });
    const file = workspace.snapshot().files[message!.files![0]!];
    expect(file).toMatchObject({ name: 'report.md', title: 'Report', complete: true, content: '# Report' });
  });
});

describe('the whole state', () => {
  it('can be taken away as JSON and put back', async () => {
    await post('before');
    const state = workspace.snapshot();
    await post('after');
    workspace.restore(JSON.parse(JSON.stringify(state)) as typeof state);
    expect(workspace.messages().map((one) => one.text)).toEqual(['before']);
    workspace.reset();
    expect(workspace.messages()).toEqual([]);
    expect(workspace.requests()).toEqual([]);
  });

  it('records each request without its secrets', async () => {
    await client.chat.postMessage({ token: slack.botToken, channel: general, text: `leak ${slack.botToken}` });
    const [entry] = workspace.requests('chat.postMessage');
    expect(entry).toMatchObject({ status: 200, request: { channel: general } });
    expect(JSON.stringify(workspace.wire.list())).not.toContain(slack.botToken);
  });

  it('tells what it waited for in vain', async () => {
    await post('something else');
    await expect(workspace.waitFor({ text: /declared/ }, { timeout: 20 })).rejects.toThrow(
      /declared[^]*something else/,
    );
  });
});
