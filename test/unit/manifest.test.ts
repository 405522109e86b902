import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { shortcut } from '../../commands/submissions.ts';
import type { CommandDeps } from '../../commands/command.ts';
import { BOT_SCOPES } from '../../src/adapters/slack/scopes.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { SHORTCUTS } from '@lifeboat/sandbox/run-sandbox';
import { nodesOf, readModules } from '../architecture/modules.ts';
import { smallEstate } from '../support/facts.ts';

const named = z.object({ name: z.string().max(24), callback_id: z.string(), description: z.string().max(150) });
const MANIFEST = z.strictObject({
  display_information: z.object({ name: z.string().max(35), description: z.string().max(140) }).loose(),
  features: z.strictObject({
    app_home: z.object({ home_tab_enabled: z.literal(true), messages_tab_enabled: z.literal(true) }).loose(),
    bot_user: z.object({ display_name: z.string(), always_online: z.boolean() }),
    shortcuts: z.array(named.extend({ type: z.enum(['global', 'message']) })),
    slash_commands: z.array(
      z.strictObject({
        command: z.string(),
        description: z.string().max(2000),
        usage_hint: z.string().max(1000),
        should_escape: z.boolean(),
      }),
    ),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()) }),
    interactivity: z.strictObject({ is_enabled: z.boolean() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

/** Every Web API method of the code, with the bot scopes it needs for all kinds of conversation that Lifeboat uses. */
const SCOPES: Record<string, string[]> = {
  'auth.test': [],
  'views.open': [],
  'views.publish': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.archive': ['channels:manage'],
  'conversations.create': ['channels:manage'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history', 'metadata.message:read'],
  'conversations.invite': ['channels:manage'],
  'conversations.join': ['channels:join'],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.setPurpose': ['channels:manage'],
  'conversations.setTopic': ['channels:manage'],
  'conversations.unarchive': ['channels:manage'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'users.conversations': ['channels:read', 'groups:read'],
  'pins.add': ['pins:write'],
  filesUploadV2: ['files:write'],
  'users.info': ['users:read'],
};

let text = '';
let manifest: z.infer<typeof MANIFEST>;
beforeAll(() => {
  text = readFileSync(join(ROOT, 'slack-app-manifest.yaml'), 'utf8');
  manifest = MANIFEST.parse(parse(text));
});

/** The methods called as `client.family.method(…)` in what talks to Slack. */
function methodsInCode(): string[] {
  const talking = readModules(ROOT).filter(({ path }) => /^src\/(adapters|web)\/slack\//.test(path));
  const called = talking.flatMap(({ tree }) =>
    [...nodesOf(tree)].filter(ts.isCallExpression).map((call) => call.expression.getText()),
  );
  return called.flatMap(
    (name) => /^(?:\w+\.)*client\.(\w+\.\w+|filesUploadV2)$/.exec(name.replaceAll('?', ''))?.[1] ?? [],
  );
}

describe('the Slack app manifest', () => {
  it('asks for the scopes of the methods that the code calls, and for no others', () => {
    const methods = [...new Set(methodsInCode())].filter((name) => !name.startsWith('client.'));
    expect(methods.sort()).toEqual(Object.keys(SCOPES).sort());
    const needed = new Set(['commands', ...Object.values(SCOPES).flat()]);
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...needed].sort());
    expect([...BOT_SCOPES].sort()).toEqual([...needed].sort());
  });

  it('registers the one command, with names of people and channels turned into ids', () => {
    expect(manifest.features.slash_commands).toMatchObject([{ command: '/dr', should_escape: true }]);
  });

  it('has shortcuts that the code answers with the form of a declaration', async () => {
    const estate = await smallEstate();
    const deps = { estate: () => estate } as CommandDeps;
    const { shortcuts } = manifest.features;
    expect(shortcuts.map(({ type, callback_id }) => [type, callback_id])).toEqual([
      ['global', 'declare'],
      ['message', 'declare_from_message'],
    ]);
    for (const { callback_id: callback, type } of shortcuts) {
      const words = type === 'message' ? 'The shop is down' : '';
      const answer = await shortcut({ key: 'k', actor: 'slack:U01ANA', callback, text: words, channel: null }, deps);
      expect(answer).toMatchObject({ kind: 'form', view: { callback_id: 'declare' } });
      expect(JSON.stringify(answer).includes('The shop is down')).toBe(type === 'message');
    }
  });

  it('subscribes to the events that the code listens to, and to no others', () => {
    const listened = readModules(ROOT)
      .filter(({ path }) => path.startsWith('src/web/slack/'))
      .flatMap(({ tree }) => [...tree.getText().matchAll(/app\.event\('(\w+)'/g)].map(([, name]) => name));
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(listened);
  });

  it('offers the shortcuts that the sandbox shows', () => {
    const shown = SHORTCUTS.map(({ callback_id, name, on }) => [
      callback_id,
      name,
      on === 'message' ? 'message' : 'global',
    ]);
    const offered = manifest.features.shortcuts.map(({ callback_id, name, type }) => [callback_id, name, type]);
    expect(offered).toEqual(shown);
  });

  it('switches on what the default set-up needs: Socket Mode and buttons', () => {
    expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
  });

  it('becomes a valid manifest for HTTP by what its comments say', () => {
    const http = text.replace('  socket_mode_enabled: true\n', '').replaceAll(/# HTTP: (\w+: \S+)$/gm, '$1');
    const variant = z
      .object({
        features: z.object({ slash_commands: z.array(z.object({ url: z.url() })).length(1) }),
        settings: z.object({
          event_subscriptions: z.object({ request_url: z.url() }),
          interactivity: z.object({ request_url: z.url() }),
          socket_mode_enabled: z.literal(false),
        }),
      })
      .parse(parse(http));
    const { event_subscriptions, interactivity } = variant.settings;
    const urls = [variant.features.slash_commands[0]?.url, interactivity.request_url, event_subscriptions.request_url];
    expect(urls.map((url) => new URL(url ?? '').pathname)).toEqual(Array(3).fill('/slack/events'));
  });
});
