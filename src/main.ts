import { resolve } from 'node:path';
import type pg from 'pg';
import { createJobs } from '../jobs/index.ts';
import { redactedOutcome } from '../jobs/redacted-outcome.ts';
import { createHandlers } from '../commands/handlers.ts';
import { loadTemplates } from '../templates/engine.ts';
import { endOlderAttempts } from './actions/end-older-attempts.ts';
import { createActions } from './actions/index.ts';
import { createPagerDuty } from './adapters/pagerduty/create-pagerduty.ts';
import { createAccounts } from './adapters/slack/accounts.ts';
import { createSlackClient } from './adapters/slack/client.ts';
import { createSlackChat } from './adapters/slack/chat.ts';
import { passwordsOf, type Config } from './runtime/config.ts';
import { createDrillJobs } from './drill-jobs.ts';
import { openDatabase, type Database } from './database.ts';
import { parseEffect, type QueueName } from './domain/effect/effect.ts';
import { diskProblem } from './runtime/disk.ts';
import { LifeboatError, messageOf } from './runtime/errors.ts';
import { holdEstate, type EstateHolder } from './estate-holder.ts';
import { shareEstate, type SharedEstate } from './shared-estate.ts';
import type { Log } from './runtime/log.ts';
import type { ChatPort } from './ports/chat.ts';
import { openTransport } from './outbox/transport.ts';
import { startHousekeeping } from './outbox/housekeeping.ts';
import { wakeUpsFrom } from './outbox/wake-ups.ts';
import { startListener } from './postgres/listener.ts';
import { isUrgent } from './outbox/queues.ts';
import { startSweep } from './outbox/sweep.ts';
import { startWorker } from './outbox/worker.ts';
import { describeWorker, isHere, mayGoOn, workerName } from './outbox/worker-name.ts';
import { createRedactor } from './runtime/redact.ts';
import { readSecret } from './runtime/secrets.ts';
import { Shutdown } from './runtime/shutdown.ts';
import { databaseClock, isAway } from './postgres/db.ts';
import { openPools } from './postgres/pools.ts';
import { migrate } from './store/migrate.ts';
import { presenceName } from './store/presence.ts';
import { readPublicStatus } from './store/incident/public-status.ts';
import { createSchedules } from './schedules.ts';
import { sealTimelines } from './seal-timelines.ts';
import type { VerbDeps } from './verbs/context.ts';
import { IncidentTurns } from './verbs/incident-turns.ts';
import { recordOutcome } from './verbs/effect/record-outcome.ts';
import { createMetrics } from './web/metrics.ts';
import { pagerDutyWebhook } from './web/pagerduty-webhook.ts';
import { readinessOf, type ReadinessCheck } from './web/readiness.ts';
import { startPrivateWeb } from './web/private-server.ts';
import { startWeb } from './web/server.ts';
import { slackIdentity } from './web/slack/identity.ts';
import { startSlackEdge, type SlackEdge } from './web/slack/receivers.ts';

/** Whether Lifeboat goes on after an error that nobody caught: a database that is away comes back. */
export const survives = (error: unknown): boolean => isAway(error);

export interface Parts {
  /** Takes commands, buttons and webhooks, and sends messages and pages. */
  bot: boolean;
  /** Runs the steps of runbooks. */
  worker: boolean;
}

export interface Lifeboat {
  port: number;
  privatePort: number;
  /** Makes this process's file the estate in use, for everybody. */
  reload: SharedEstate['reload'];
  /** Why commands do not arrive or messages do not go out now; null when they do, and where no bot runs. */
  slackProblem(): Promise<string | null>;
  stop(): Promise<void>;
}

/** How the programs of other workers are found and named. */
const WORKERS = { isHere, mayGoOn, describe: describeWorker };

/** What is under way gets this long at a stop, in ms, before it is called back. */
const STOP_GRACE_MS = 5000;

/** Starts Lifeboat; what it acquired is released in reverse when it stops, also when the start fails half way. */
export async function startLifeboat(config: Config, parts: Parts, log: Log): Promise<Lifeboat> {
  const shutdown = new Shutdown(log);
  try {
    return await assemble(config, parts, log, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function assemble(config: Config, parts: Parts, log: Log, shutdown: Shutdown): Promise<Lifeboat> {
  const { slack } = config;
  if (parts.bot && !slack) throw new LifeboatError('invalid', 'Slack is not configured', SLACK_MISSING);
  refuseExample(config, parts);
  const estate = await holdEstate(config.estate, config.speed, parts.bot ? config : undefined);
  const { warnings } = estate.file;
  if (warnings.length > 0) log.info({ warnings: warnings.map(({ message }) => message) }, 'estate warnings');
  refuseUnknownSite(config, estate);
  const [database, templates] = await Promise.all([openDatabase(config, log), loadTemplates()]);
  shutdown.add('database', () => database.stop());
  await migrate(database.url);
  const lost = (error: Error): void => log.warn({ err: messageOf(error) }, 'database connection lost');
  const pools = openPools(database.url, lost);
  shutdown.add('pools', () => pools.end());
  const lostListener = (error: Error): void => log.debug({ err: error }, 'listener lost');
  const listener = startListener(database.url, lostListener, presenceName({ ...parts, site: config.site }));
  shutdown.add('listener', () => listener.stop());
  const wakeUps = wakeUpsFrom(listener);
  const sealing = await sealTimelines([pools.work, pools.urgent, pools.requests], config, log);
  let estateChanged = (): void => undefined;
  const shared = await shareEstate({
    ...{ holder: estate, path: config.estate, pool: pools.work, listener, log },
    onChange: () => estateChanged(),
  });
  shutdown.add('estate', () => shared.stop());
  const transport = await openTransport({
    wakeUps,
    databaseUrl: database.url,
    redisUrl: config.redisUrl,
    onError: (queue, error) => log.debug({ err: error, queue }, 'queue connection failed'),
  });
  shutdown.add('transport', () => transport.stop());

  const pager = createPagerDuty({ ...config.pagerduty, routingKey: config.pagerduty.routingKey ?? '' });
  const turns = new IncidentTurns();
  const verbsBy = (pool: pg.Pool): VerbDeps => ({
    pool,
    estate: () => estate.current(),
    freshEstate: () => shared.fresh(),
    turns,
    ownKey: (role) => pager.ownKey(role),
  });
  const [verbs, urgent, requests] = [verbsBy(pools.work), verbsBy(pools.urgent), verbsBy(pools.requests)];
  const metrics = createMetrics(pools.requests);
  const chat = createSlackChat({ token: slack?.botToken ?? '', log, ...(slack && { apiUrl: slack.apiUrl }) });
  const name = workerName();
  const actions = createActions(config.commandEnvironment, name);
  const redactor = createRedactor([...config.secrets, ...passwordsOf(database.url)]);
  const common = { pool: pools.work, verbs, urgent, estate: verbs.estate, templates, redactor };
  const jobs = createJobs({
    ...common,
    ...{ chat, pager, actions },
    endOlder: (attempt, left_by) => endOlderAttempts(attempt, left_by, WORKERS),
    onLostOutput: (characters, error) => log.error({ characters, err: error }, 'output of a step not written'),
    secret: (name) => readSecret(config.stepSecrets, name),
  });
  const worker = startWorker({
    ...{ pools, transport, wakeUps, jobs, name, log },
    drillJobs: createDrillJobs(common, pager.notes),
    queues: queuesOf(parts),
    sites: sitesOf(config, estate),
    parse: parseEffect,
    record: (report) =>
      recordOutcome(isUrgent(report.effect.queue) ? urgent : verbs, {
        ...{ ...report, outcome: redactedOutcome(redactor, report.outcome) },
      }),
    observe: (kind, outcome, ms) => metrics.effect(kind, outcome, ms),
  });
  for (const each of [verbs, urgent, requests]) each.continuation = worker.continuation;
  estateChanged = () => worker.serveSites(sitesOf(config, estate));
  estateChanged();
  shutdown.add('worker', () => worker.stop(STOP_GRACE_MS));
  const sweep = startSweep(pools.engine, log);
  shutdown.add('sweep', () => sweep.stop());

  if (parts.bot) {
    const housekeeping = startHousekeeping(pools.engine, log);
    shutdown.add('housekeeping', () => housekeeping.stop());
  }

  const edge = parts.bot ? startBot() : undefined;
  if (edge) shutdown.add('slack', () => edge.stop());
  const web = await startWeb({
    port: config.port,
    host: config.host,
    log,
    slack: edge?.requestListener,
    status: () => readPublicStatus(pools.requests, estate.current()),
    pagerduty: pagerDutyWebhook(requests, config.pagerduty.webhookSecrets, log),
  });
  shutdown.add('web', () => web.stop());
  const checks = readinessChecks({ pool: pools.requests, edge, chat, shared, folders: foldersOf(config, database) });
  const privateWeb = await startPrivateWeb({
    ...{ port: config.private.port, host: config.private.host, log },
    readiness: () => readinessOf(checks, [sealing.notice, shared.notice()]),
    metrics: () => metrics.text(),
  });
  shutdown.add('private web', () => privateWeb.stop());
  return {
    ...{ port: web.port, privatePort: privateWeb.port, reload: shared.reload, stop: () => shutdown.run() },
    slackProblem: async () => (edge ? ((await chat.health()).problem ?? unconnected(edge)) : null),
  };

  function startBot(): SlackEdge {
    const { botToken: token, appToken, signingSecret, apiUrl } = slack ?? { botToken: '', apiUrl: '' };
    const identity = slackIdentity(token, apiUrl, log);
    const account = createAccounts(
      createSlackClient({ token, apiUrl, timeoutMs: 2000 }),
      async () => (await identity()).teamId,
    );
    const handlers = createHandlers({
      deps: {
        ...{
          pool: pools.requests,
          verbs: requests,
          estate: verbs.estate,
          reloadEstate: shared.reload,
          ...{ schedules: createSchedules(pager), pager },
        },
        ...{ account, estateUse: shared.inUse, seal: sealing.seal, records: (channel) => chat.records(channel) },
      },
      observe: (verb, ok, ms) => metrics.command(verb, ok, ms),
    });
    const otherCompanies = (): boolean => estate.current().outsiders.other_companies;
    return startSlackEdge({ token, appToken, signingSecret, apiUrl, handlers, identity, otherCompanies, log });
  }
}

/** The example's people are nobody's colleagues, and a worker's estate is offered to every process. */
function refuseExample({ exampleEstate, realAccounts }: Config, { bot }: Parts): void {
  if (!exampleEstate || (bot && realAccounts.length === 0)) return;
  const why = bot ? ` beside ${realAccounts.join(', ')}: the people of the example would be paged` : '';
  throw new LifeboatError(
    'invalid',
    `LIFEBOAT_ESTATE is not set${why}`,
    'set LIFEBOAT_ESTATE to the file of your estate; `lifeboat init` writes a first one',
  );
}

function refuseUnknownSite({ site }: Config, estate: EstateHolder): void {
  const known = Object.keys(estate.current().sites);
  if (site === undefined || known.includes(site)) return;
  throw new LifeboatError(
    'invalid',
    `the estate has no site \`${site}\``,
    `set LIFEBOAT_SITE or --site to one of: ${known.join(', ')}`,
  );
}

const queuesOf = ({ bot, worker }: Parts): QueueName[] => [
  ...(bot ? (['pages', 'escalation', 'chat', 'timers'] as const) : []),
  ...(worker ? (['steps'] as const) : []),
];

/** A worker of a site takes that site's steps and those that name none; without a site it takes every site's. */
const sitesOf = (config: Config, estate: EstateHolder): string[] =>
  config.site === undefined ? Object.keys(estate.current().sites) : [config.site];

/** Where something must be kept: the embedded server's data, and the key that seals timelines. */
const foldersOf = ({ home, anchorKeys }: Config, { folders }: Database): string[] => [
  ...new Set([...folders, ...(anchorKeys.length === 0 ? [resolve(home)] : [])]),
];

const unconnected = (edge: SlackEdge): string | null => (edge.ready() ? null : 'Slack is not connected');

interface ReadinessParts {
  pool: pg.Pool;
  edge: SlackEdge | undefined;
  chat: Pick<ChatPort, 'health'>;
  shared: SharedEstate;
  folders: readonly string[];
}

/** What has to work for commands to be taken. */
const readinessChecks = ({ pool, edge, chat, shared, folders }: ReadinessParts): ReadinessCheck[] => [
  shared.problem,
  () => (edge ? unconnected(edge) : null),
  async () => (edge ? (await chat.health()).problem : null),
  ...folders.map((folder) => () => diskProblem(folder)),
  async () => {
    try {
      await databaseClock(pool);
      return null;
    } catch (error) {
      return `the database does not answer (${messageOf(error)})`;
    }
  },
];

const SLACK_MISSING = `set SLACK_BOT_TOKEN and either SLACK_APP_TOKEN (Socket Mode, no public address needed) or SLACK_SIGNING_SECRET (HTTP).
The README says how to create the app from slack-app-manifest.yaml in five minutes. To try Lifeboat without an account unset
every SLACK_* variable and run \`npm ci && npm start\` in a clone of its sources: that opens the sandbox.`;
