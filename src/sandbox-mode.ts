import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { commands } from '../commands/index.ts';
import type { Config } from './runtime/config.ts';
import { openDatabase } from './database.ts';
import { LifeboatError, messageOf } from './runtime/errors.ts';
import { holdEstate } from './estate-holder.ts';
import type { Log } from './runtime/log.ts';
import { Shutdown } from './runtime/shutdown.ts';
import { openServices, stopServices } from './sandbox/estate/services.ts';
import { claimHome } from './sandbox/claim-home.ts';
import { startSandbox } from './sandbox/start-sandbox.ts';
import { locateBase } from './sandbox/postgres/locate-base.ts';
import { stopPostmaster } from './sandbox/postgres/postmaster.ts';

/** As in slack-app-manifest.yaml; a test compares them. */
export const SHORTCUTS = [
  { callback_id: 'declare', name: 'Declare an incident', on: 'anywhere' },
  { callback_id: 'declare_from_message', name: 'Declare an incident', on: 'message' },
] as const;

/** The sandbox keeps to itself: nothing of it may reach a real installation, nor the other way round. */
export function refuseBesideRealOnes(config: Config): void {
  const { slack, databaseUrl, redisUrl, pagerduty } = config;
  const real = [
    slack && 'SLACK_*',
    databaseUrl && 'DATABASE_URL',
    redisUrl && 'REDIS_URL',
    (pagerduty.routingKey ??
      pagerduty.apiToken ??
      pagerduty.webhookSecrets[0] ??
      Object.keys(pagerduty.routingKeys)[0]) &&
      'PAGERDUTY_*',
  ].filter((each) => each !== undefined);
  if (real.length === 0) return;
  throw new LifeboatError(
    'invalid',
    `the sandbox does not start beside a real installation, and ${real.join(', ')} ${real.length === 1 ? 'is' : 'are'} set`,
    slack
      ? 'unset them to try the sandbox; `lifeboat start` runs Lifeboat for real'
      : 'unset them to try the sandbox; to run Lifeboat for real set SLACK_BOT_TOKEN and SLACK_APP_TOKEN too',
  );
}

export interface RunningSandbox {
  url: string;
  stop(): Promise<void>;
}

const homeOf = (config: Config): string => join(resolve(config.home), 'sandbox');

/** Starts the whole sandbox; what it acquired is released in reverse when it stops, also when the start fails half way. */
export async function runSandbox(config: Config, lifeboat: readonly string[], log: Log): Promise<RunningSandbox> {
  refuseBesideRealOnes(config);
  const shutdown = new Shutdown(log);
  try {
    const home = homeOf(config);
    await mkdir(home, { recursive: true });
    shutdown.add('home', claimHome(home));
    const estate = await holdEstate(config.estate, config.speed);
    const database = await openDatabase({ databaseUrl: undefined, home }, log);
    shutdown.add('database', () => database.stop());
    const environment = { ...config.commandEnvironment };
    const services = openServices(estate.current(), { home, environment, log });
    shutdown.add('services', () => services.stop());
    const url = await startSandbox({
      ...{ estate: estate.current(), estateFile: resolve(config.estate), home, databaseUrl: database.url },
      ...{ port: config.port, speed: config.speed, lifeboat, services, shutdown },
      environment: { ...environment, ERLMCP_HOME: services.home, LOG_LEVEL: config.logLevel },
      commands: commands.map(({ name, usage, summary, examples = [] }) => ({ name, usage, summary, examples })),
      shortcuts: [...SHORTCUTS],
    });
    // Eight processes more would take the processor from those for which people wait.
    services.begin();
    return { url, stop: () => shutdown.run() };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

/** Ends what a killed sandbox left running and removes all that it kept; throws only while a sandbox runs. */
export async function resetSandbox(config: Config, log: Log): Promise<string> {
  const home = homeOf(config);
  await mkdir(home, { recursive: true });
  const release = claimHome(home);
  const environment = { ...config.commandEnvironment };
  // Damage is a reason to begin anew, so none of these may keep the rest from being removed.
  await orTell(log, async () => {
    const estate = await holdEstate(config.estate);
    await stopServices(estate.current(), { home, environment, log });
  });
  const base = locateBase(home, log);
  await orTell(log, () => stopPostmaster(base));
  await rm(base.path, { recursive: true, force: true });
  release();
  await rm(home, { recursive: true, force: true });
  return home;
}

async function orTell(log: Log, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ err: messageOf(error) }, 'a part of the sandbox could not be ended');
  }
}
