#!/usr/bin/env node
import { Command } from 'commander';
import { readConfig } from './config.ts';
import { LifeboatError, messageOf } from './errors.ts';
import { checkFile } from './estate/check.ts';
import { createLog } from './log.ts';
import { startLifeboat, survives, type Parts } from './main.ts';

process.setSourceMapsEnabled(true); // dist/ is one file

const program = new Command('lifeboat')
  .description('ChatOps incident and disaster-recovery bot.')
  .showSuggestionAfterError();

program
  .command('start', { isDefault: true })
  .description('run everything in one process')
  .action(() => serve({ bot: true, worker: true }));
program
  .command('bot')
  .description('take commands and send messages and pages, but run no steps')
  .action(() => serve({ bot: true, worker: false }));
program
  .command('worker')
  .description('run the steps of runbooks')
  .option('--site <site>', 'only the steps of this site and those that name none (LIFEBOAT_SITE)')
  .action(({ site }: { site?: string }) => serve({ bot: false, worker: true }, site));
program
  .command('check')
  .description('check an estate or a runbook and list every problem')
  .argument('<file>')
  .action(async (file: string) => {
    const { text, ok } = await checkFile(file);
    (ok ? process.stdout : process.stderr).write(`${text}\n`);
    process.exitCode = ok ? 0 : 1;
  });

await program.parseAsync().catch(fail);

async function serve(parts: Parts, site?: string): Promise<void> {
  const config = readConfig();
  if (site !== undefined) config.site = site;
  const log = createLog({ level: config.logLevel, secrets: config.secrets });
  const started = performance.now();
  const lifeboat = await startLifeboat(config, parts, log);
  log.info({ port: lifeboat.port, ms: Math.round(performance.now() - started) }, 'lifeboat started');
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
  process.on('SIGHUP', () => {
    void lifeboat.reload().then(({ ok, text }) => log[ok ? 'info' : 'error']({ text }, 'estate reload'));
  });
  process.on('uncaughtException', (error) => {
    // BullMQ does not listen to connections that it holds: one that breaks between two queries is heard of only here.
    if (survives(error)) return log.warn({ err: messageOf(error) }, 'database connection lost');
    log.fatal({ err: error }, 'uncaught exception');
    process.exit(1);
  });
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
}

function fail(error: unknown): void {
  const refused = error instanceof LifeboatError;
  process.stderr.write(
    `lifeboat: ${refused ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
  );
  if (refused && error.fix) process.stderr.write(`fix: ${error.fix}\n`);
  process.exit(refused ? 2 : 1);
}
