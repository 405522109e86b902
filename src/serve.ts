import type { Config } from './runtime/config.ts';
import { messageOf } from './runtime/errors.ts';
import { createLog, type Log } from './runtime/log.ts';
import type { Lifeboat, Parts } from './main.ts';

/** Runs these parts of Lifeboat until a signal ends them. */
export async function serve(parts: Parts, config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, secrets: config.secrets });
  if (parts.worker && config.exposed !== null) log.warn({ reason: config.exposed }, 'steps can read the environment');
  const started = performance.now();
  const { startLifeboat, survives } = await import('./main.ts');
  const lifeboat = await startLifeboat(config, parts, log);
  const { port, privatePort } = lifeboat;
  const ms = Math.round(performance.now() - started);
  process.send?.({ port, privatePort });
  let stopping: Promise<void> | undefined;
  const stop = (signal: string): void => {
    log.info({ signal }, 'lifeboat stopping');
    stopping ??= lifeboat.stop().then(() => {
      log.info('lifeboat stopped');
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', () => stop('disconnect')); // the sandbox that started it is gone
  process.on('SIGHUP', () => {
    void lifeboat
      .reload(`SIGHUP to process ${process.pid}`)
      .then(({ ok, text }) => log[ok ? 'info' : 'error']({ text }, 'estate reload'));
  });
  process.on('uncaughtException', (error) => {
    // BullMQ does not listen to connections that it holds: one that breaks between two queries is heard of only here.
    if (survives(error)) return log.warn({ err: messageOf(error) }, 'database connection lost');
    log.fatal({ err: error }, 'uncaught exception');
    process.exit(1);
  });
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  await waitForSlack(lifeboat, log, () => stopping !== undefined);
  if (stopping === undefined) log.info({ port, privatePort, ms }, 'lifeboat started');
}

/** A socket takes a moment to connect: Slack is called away after this long, in ms. */
const PATIENCE_MS = 5000;
const LOOK_MS = 100;
const WHAT_TO_CHECK =
  'the way to SLACK_API_URL (network, proxy, name service), then the tokens; `lifeboat doctor` tries each';

/** Says once that Slack is away and what to check; it is tried on, and this returns when it is there or at a stop. */
async function waitForSlack(lifeboat: Lifeboat, log: Log, stopping: () => boolean): Promise<void> {
  const began = performance.now();
  let told = false;
  for (;;) {
    const problem = await lifeboat.slackProblem();
    if (problem === null || stopping()) return;
    if (!told && performance.now() - began > PATIENCE_MS) {
      told = true;
      log.warn({ problem, check: WHAT_TO_CHECK }, 'lifeboat waits for slack');
    }
    await new Promise((resolve) => setTimeout(resolve, told ? 1000 : LOOK_MS).unref());
  }
}
