import { join } from 'node:path';
import { loadEstate } from '../../src/estate/load.ts';
import { ROOT } from '../../src/runtime/paths.ts';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import { startSlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { freePort } from './free-port.ts';
import { spawnProgram, type SpawnedProgram } from './process.ts';

export interface WorldOptions {
  databaseUrl?: string | undefined; // without it the program starts its own server in `home`
  home?: string;
  redisUrl?: string;
  receive?: 'http' | 'socket';
  estate?: string;
  /** Environment variables over the usual ones. */
  env?: Record<string, string | undefined>;
  args?: string[];
}

/** The started program beside a Slack and a PagerDuty, which outlive its kills. */
export async function startWorld(options: WorldOptions = {}) {
  const estateFile = options.estate ?? join(ROOT, 'test/support/estates/small.yaml');
  const people = await peopleOf(estateFile);
  const slack = await startSlackStandIn({ users: people.map((each) => ({ id: each.slack, name: each.id })) });
  const pagerduty = await startPagerDutyStandIn({
    eventsPerMinute: 1_000_000,
    restPerMinute: 1_000_000,
    webhookSecret: 'webhook-secret',
  });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const privatePort = await freePort();
  const receive = options.receive ?? 'http';
  if (receive === 'http') slack.workspace.requestUrl = `${url}/slack/events`;
  pagerduty.pager.subscribe(`${url}/webhooks/pagerduty`);
  const [routingKey = ''] = pagerduty.routingKeys;
  const env = {
    PORT: String(port),
    LIFEBOAT_PRIVATE_PORT: String(privatePort),
    HOST: '127.0.0.1',
    LIFEBOAT_ESTATE: estateFile,
    LIFEBOAT_HOME: options.home,
    LOG_LEVEL: 'info',
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: receive === 'socket' ? slack.appToken : undefined,
    SLACK_SIGNING_SECRET: receive === 'http' ? slack.signingSecret : undefined,
    SLACK_API_URL: slack.url,
    PAGERDUTY_ROUTING_KEY: routingKey,
    PAGERDUTY_EVENTS_URL: pagerduty.eventsUrl,
    PAGERDUTY_API_URL: pagerduty.apiUrl,
    PAGERDUTY_API_TOKEN: pagerduty.apiToken,
    PAGERDUTY_FROM: 'ana@example.com',
    PAGERDUTY_WEBHOOK_SECRET: 'webhook-secret',
    ...options.env,
  };
  const programs: SpawnedProgram[] = [];
  const world = {
    slack,
    workspace: slack.workspace,
    pagerduty,
    pager: pagerduty.pager,
    url,
    /** Where the program that was started without a port of its own says whether it is ready, and its metrics. */
    privateUrl: `http://127.0.0.1:${privatePort}`,
    /** Starts the program and waits until it takes commands. */
    async start(
      args = options.args ?? ['start'],
      more: Record<string, string | undefined> = {},
    ): Promise<SpawnedProgram> {
      // Beside the first program a second one needs ports of its own.
      const ready =
        more['LIFEBOAT_PRIVATE_PORT'] ?? String(more['PORT'] === undefined ? privatePort : await freePort());
      const program = spawnProgram(join(ROOT, 'dist/src/cli.js'), args, {
        env: { ...env, LIFEBOAT_PRIVATE_PORT: ready, ...more },
        cwd: ROOT,
      });
      programs.push(program);
      await program.http(`http://127.0.0.1:${ready}/readyz`, 30_000);
      return program;
    },
    /** What all started programs printed. */
    output: () => programs.map((program) => program.output()).join('\n--- next start\n'),
    async stop(): Promise<void> {
      await Promise.all(programs.map((program) => program.killTree()));
      await Promise.all([slack.close(), pagerduty.close()]);
    },
  };
  return world;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

async function peopleOf(file: string): Promise<{ id: string; slack: string }[]> {
  const loaded = await loadEstate(file);
  if (!loaded.ok) throw new Error(`the estate ${file} is refused`);
  return Object.entries(loaded.estate.people).flatMap(([id, { slack }]) =>
    slack === undefined ? [] : [{ id, slack }],
  );
}
