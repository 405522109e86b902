import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startPagerDutyStandIn, type PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { startListener } from '../../src/postgres/listener.ts';
import { readConfig } from '../../src/runtime/config.ts';
import { presenceName } from '../../src/store/presence.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { copySmallEstate, ESTATE, type EstateCopy } from '../support/estates/copy.ts';
import { freePort } from '../support/free-port.ts';
import { sql } from '../support/time.ts';
import { waitFor } from '../support/wait-for.ts';

let slack: SlackStandIn;
let pagerduty: PagerDutyStandIn;
let database: TestDatabase;
let service: Server;
let estate: EstateCopy;
let closed: number;
beforeAll(async () => {
  closed = await freePort();
  [slack, pagerduty, database] = await Promise.all([
    startSlackStandIn(),
    startPagerDutyStandIn(),
    createTestDatabase(),
  ]);
  service = createServer((_, response) => response.end('fine')).listen(0, '127.0.0.1');
  await waitFor('the service', () => service.listening);
});
beforeEach(async () => {
  estate = await copySmallEstate();
  const { port } = service.address() as AddressInfo;
  const checks = `[{ id: up, uses: http, with: { url: 'http://127.0.0.1:${port}/' } }, { id: program, uses: command, with: { run: [node] } }]`;
  await estate.spoil(ESTATE, '    site: east\n', `    site: east\n    checks: ${checks}\n`);
  return () => estate.remove();
});
afterAll(async () => {
  await Promise.all([slack.close(), pagerduty.close(), new Promise((resolve) => service.close(resolve))]);
  await database.drop();
});

const environment = (): Record<string, string> => ({
  LIFEBOAT_ESTATE: join(estate.folder, ESTATE),
  DATABASE_URL: database.url,
  ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.url },
  ...{ PAGERDUTY_ROUTING_KEY: pagerduty.routingKeys[0] ?? '', PAGERDUTY_EVENTS_URL: pagerduty.eventsUrl },
  ...{ PAGERDUTY_API_TOKEN: pagerduty.apiToken, PAGERDUTY_API_URL: pagerduty.apiUrl },
});

async function look(changes: Record<string, string | undefined> = {}): Promise<{ sound: boolean; lines: string[] }> {
  const lines: string[] = [];
  const sound = await examine(readConfig({ ...environment(), ...changes }), (line) => lines.push(line));
  return { sound, lines };
}

describe('lifeboat doctor', () => {
  it('finds nothing wrong where nothing is, and wakes, writes and posts nothing', async () => {
    const before = slack.workspace.snapshot();
    const { sound, lines } = await look();
    expect(lines.filter((line) => line.startsWith('wrong'))).toEqual([]);
    expect(sound).toBe(true);
    for (const words of [
      /^ok {9}estate: .*small\.yaml is in order, with \d+ warnings/,
      /^ok {9}database: PostgreSQL \d\S* answers; the next start applies \d+ of Lifeboat's migrations$|^ok {9}database: .*schema is this/,
      /^ok {9}clock of the database: agrees/,
      /^ok {9}SLACK_BOT_TOKEN: is lifeboat in Sandbox$/,
      /^ok {9}SLACK_APP_TOKEN: opens a socket$/,
      /^ok {9}Slack, scopes: all are there$/,
      /^ok {9}Slack, channel #leadership: the bot is a member$/,
      /^ok {9}Slack, people: 4 of 4 ids are members$/,
      /^ok {9}clock of Slack: agrees/,
      /^ok {9}PAGERDUTY_ROUTING_KEY: PagerDuty takes it/,
      /^ok {9}PagerDuty, schedule PSCHED1 of on-call: on call now: Ana Ito$/,
      /^not tried {2}workers: no process of Lifeboat is connected/,
      /^ok {9}api, check up: passes from here$/,
      /^not tried {2}api, check program: it runs a program$/,
      /^Nothing is wrong\.$/,
    ])
      expect(
        lines.some((line) => words.test(line)),
        String(words),
      ).toBe(true);
    expect(slack.workspace.snapshot()).toEqual(before);
    expect(pagerduty.pager.alerts()).toEqual([]);
    expect(await sql(database.url, `select 1 from information_schema.tables where table_name = 'doctor'`)).toEqual([]);
  });

  it.each<[string, () => Record<string, string | undefined>, RegExp]>([
    [
      'a database that does not answer',
      () => ({ DATABASE_URL: 'postgres://x@127.0.0.1:9/none' }),
      /^wrong {6}database: the database `none` on 127\.0\.0\.1:9 does not answer .*Fix: start PostgreSQL/,
    ],
    [
      'a bot token that Slack refuses',
      () => ({ SLACK_BOT_TOKEN: 'xoxb-other' }),
      /^wrong {6}SLACK_BOT_TOKEN: invalid_auth: .*Fix: /,
    ],
    [
      'an app token that Slack refuses',
      () => ({ SLACK_APP_TOKEN: 'xapp-other' }),
      /^wrong {6}SLACK_APP_TOKEN: invalid_auth: .*Fix: .*connections:write/,
    ],
    [
      'a Slack that cannot be reached',
      () => ({ SLACK_API_URL: `http://127.0.0.1:${closed}/api/` }),
      /^wrong {6}SLACK_BOT_TOKEN: .*cannot be reached.*Fix: check the way to SLACK_API_URL/,
    ],
    [
      'a routing key that PagerDuty does not know',
      () => ({ PAGERDUTY_ROUTING_KEY_DATABASE: 'f'.repeat(32) }),
      /^wrong {6}PAGERDUTY_ROUTING_KEY_DATABASE: .*Invalid routing key.*Fix: copy the Integration Key/,
    ],
    [
      'a routing key for a role that does not exist',
      () => ({ PAGERDUTY_ROUTING_KEY_DATABSE: pagerduty.routingKeys[0] }),
      /^wrong {6}PAGERDUTY_ROUTING_KEY_DATABSE: the estate has no role databse\. Fix: /,
    ],
    ['no routing key', () => ({ PAGERDUTY_ROUTING_KEY: undefined }), /^wrong {6}PagerDuty: no routing key is set/],
    [
      'an API token that PagerDuty refuses',
      () => ({ PAGERDUTY_API_TOKEN: 'other' }),
      /^wrong {6}PagerDuty, schedule PSCHED1 of on-call: .*HTTP 401/,
    ],
    [
      'schedules that cannot be read',
      () => ({ PAGERDUTY_API_TOKEN: undefined }),
      /^wrong {6}PAGERDUTY_API_TOKEN: it is not set, so the schedules of on-call are not read/,
    ],
    [
      'an estate that is not there',
      () => ({ LIFEBOAT_ESTATE: '/nowhere/estate.yaml' }),
      /^wrong {6}estate: \/nowhere\/estate\.yaml:1:1: error: .*Fix: `lifeboat check/,
    ],
  ])('says on one line what is wrong and the fix: %s', async (_, changes, words) => {
    const { sound, lines } = await look(changes());
    expect(sound).toBe(false);
    expect(
      lines.filter((line) => words.test(line)),
      lines.join('\n'),
    ).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('f'.repeat(32));
    expect(pagerduty.pager.alerts()).toEqual([]);
  });

  it('names missing scopes, channels that are not there, and checks that fail', async () => {
    slack.workspace.grant(['chat:write', 'commands']);
    await estate.spoil(ESTATE, "slack: '#leadership'", "slack: '#nowhere'");
    await estate.spoil(
      ESTATE,
      '    owner: database\n',
      '    owner: database\n    checks: [{ id: port, uses: tcp, with: { host: 127.0.0.1, port: 9 } }]\n',
    );
    const { sound, lines } = await look();
    const all = lines.join('\n');
    expect(sound).toBe(false);
    expect(all).toMatch(
      /^wrong {6}Slack, scopes: missing: .*pins:write.*Fix: add them as in slack-app-manifest\.yaml/m,
    );
    expect(all).toMatch(/^wrong {6}Slack, channel #nowhere: channel_not_found: .*Fix: create #nowhere/m);
    expect(all).toMatch(/^wrong {6}database, check port: .*Fix: start the service/m);
    expect(all).toMatch(/^3 of \d+ wrong\.$/m);
  });

  it('looks up people’s Slack ids', async () => {
    const { workspace } = slack;
    workspace.addUser({ id: 'U0GUEST', name: 'guest', guest: true });
    workspace.addUser({ id: 'U0BOT', name: 'robot', bot: true });
    for (const [old, wrong] of [
      ['U01BEN', 'U0GUEST'],
      ['U01CLEO', 'U0BOT'],
      ['U01DAN', 'U0NOBODY'],
    ] as const)
      await estate.spoil(ESTATE, `slack: ${old}`, `slack: ${wrong}`);
    const { sound, lines } = await look();
    const all = lines.join('\n');
    expect(sound).toBe(false);
    expect(all).toMatch(/^ok {9}Slack, people: 1 of 4 ids are members$/m);
    expect(all).toMatch(/^wrong {6}Slack, U0GUEST of ben: a guest; .*Fix: invite them by hand/m);
    expect(all).toMatch(/^wrong {6}Slack, U0BOT of cleo: it is a bot and no person\. Fix: correct the id/m);
    expect(all).toMatch(/^wrong {6}Slack, U0NOBODY of dan: user_not_found: .*Fix: correct the id/m);
  });

  it('sees by their connections which workers there are, and which site has none', async () => {
    const step = '  - { id: stop, name: Stop it, uses: noop }\n';
    const east = '  - { id: east, uses: noop, site: east }\n  - { id: west, uses: noop, site: west }\n';
    await estate.spoil('runbooks/restart-database.yaml', step, step + east);
    const names = [
      presenceName({ bot: true, worker: false, site: undefined }),
      presenceName({ bot: false, worker: true, site: 'east' }),
    ];
    const listeners = names.map((name) => startListener(database.url, () => undefined, name));
    try {
      await waitFor('both', async () => {
        const found = await sql(database.url, `select 1 from pg_stat_activity where application_name = any($1)`, [
          names,
        ]);
        return found.length === 2;
      });
      const { sound, lines } = await look();
      expect(sound).toBe(false);
      expect(lines).toContain('ok         bot: 1 connected');
      expect(lines).toContain('ok         worker for east: 1 connected');
      expect(lines.join('\n')).toMatch(
        /^wrong {6}worker for west: none is connected.*Fix: start `lifeboat worker --site west`/m,
      );
    } finally {
      await Promise.all(listeners.map((each) => each.stop()));
    }
  });
});
