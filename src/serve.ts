import type { Config } from './runtime/config.ts';
import { messageOf } from './runtime/errors.ts';
import { createLog } from './runtime/log.ts';
import type { Parts } from './main.ts';

/** Runs these parts of Lifeboat until a signal ends them. */
export async function serve(parts: Parts, config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, secrets: config.secrets });
  if (parts.worker && config.exposed !== null) log.warn({ reason: config.exposed }, 'steps can read the environment');
  const started = performance.now();
  const { startLifeboat, survives } = await import('./main.ts');
  const lifeboat = await startLifeboat(config, parts, log);
  const { port, privatePort } = lifeboat;
  log.info({ port, privatePort, ms: Math.round(performance.now() - started) }, 'lifeboat started');
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
}
