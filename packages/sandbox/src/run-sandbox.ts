import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { locateBase } from '@lifeboat/embedded-postgres/locate-base';
import { stopPostmaster } from '@lifeboat/embedded-postgres/postmaster';
import type { Installation } from '../../../src/installation.ts';
import type { Config } from '../../../src/runtime/config.ts';
import type { Log } from '../../../src/runtime/log.ts';
import { claimHome } from './claim-home.ts';
import { movedWords, writeMovedEstate } from './estate/free-ports.ts';
import { movePorts, openServices, stopServices, type ServicesOptions } from './estate/services.ts';
import { messageOf, SandboxError } from './sandbox-error.ts';
import { startSandbox } from './start-sandbox.ts';

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
  throw new SandboxError(
    `the sandbox does not start beside a real installation, and ${real.join(', ')} ${real.length === 1 ? 'is' : 'are'} set`,
    slack
      ? 'unset them to try the sandbox; `lifeboat start` runs Lifeboat for real'
      : 'unset them to try the sandbox; to run Lifeboat for real set SLACK_BOT_TOKEN and SLACK_APP_TOKEN too',
  );
}

export interface RunningSandbox {
  url: string;
  /** What differs from the estate file, in whole lines; empty when nothing does. */
  notice: string;
  stop(): Promise<void>;
}

const homeOf = (config: Config): string => join(resolve(config.home), 'sandbox');

/** Starts the whole sandbox; what it acquired is released in reverse when it stops, also when the start fails half way. */
export async function runSandbox(installation: Installation, lifeboat: readonly string[]): Promise<RunningSandbox> {
  const { config, log, shutdown, commands } = installation;
  refuseBesideRealOnes(config);
  try {
    const home = homeOf(config);
    await mkdir(home, { recursive: true });
    shutdown.add('home', claimHome(home));
    const environment = { ...config.commandEnvironment };
    const { estate, estateFile, notice } = await estateOn(installation, { home, environment, log });
    const database = await installation.openDatabase(home);
    shutdown.add('database', () => database.stop());
    const services = openServices(estate, { home, environment, log });
    shutdown.add('services', () => services.stop());
    const url = await startSandbox({
      ...{ estate, estateFile, home, databaseUrl: database.url },
      ...{ port: config.port, speed: config.speed, lifeboat, services, shutdown, commands },
      environment: { ...environment, ERLMCP_HOME: services.home, LOG_LEVEL: config.logLevel },
      shortcuts: [...SHORTCUTS],
    });
    // Eight processes more would take the processor from those for which people wait.
    services.begin();
    return { url, notice, stop: () => shutdown.run() };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

/** The estate with ports that are free on this machine, or its own where nobody else has them. */
async function estateOn(installation: Installation, options: ServicesOptions) {
  const own = resolve(installation.config.estate);
  const { estate, files } = await installation.loadEstate(own);
  const moved = await movePorts(estate, options);
  if (moved.length === 0) return { estate, estateFile: own, notice: '' };
  const copy = await writeMovedEstate(files, moved, join(options.home, 'estate'));
  return { estate: (await installation.loadEstate(copy)).estate, estateFile: copy, notice: movedWords(moved, copy) };
}

/** Ends what a killed sandbox left running and removes all that it kept; throws only while a sandbox runs. */
export async function resetSandbox(installation: Installation): Promise<string> {
  const { config, log } = installation;
  const home = homeOf(config);
  await mkdir(home, { recursive: true });
  const release = claimHome(home);
  const environment = { ...config.commandEnvironment };
  // Damage is a reason to begin anew, so none of these may keep the rest from being removed.
  await orTell(log, async () => stopServices((await installation.loadEstate()).estate, { home, environment, log }));
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
