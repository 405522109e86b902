#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { readConfig, readConfigWith, type Config } from './runtime/config.ts';
import { LifeboatError, messageOf } from './runtime/errors.ts';
import { checkFile } from './estate/check.ts';
import { createLog } from './runtime/log.ts';
import type { Parts } from './main.ts';

// Before anything else is loaded, which is why the rest is loaded when it is needed.
process.setSourceMapsEnabled(true);

const program = new Command('lifeboat')
  .description('ChatOps incident and disaster-recovery bot.')
  .showSuggestionAfterError();

program
  .command('start', { isDefault: true })
  .description('run everything in one process; without SLACK_* in the environment, the sandbox')
  .option('--speed <times>', 'sandbox: run the durations of the estate this many times faster (LIFEBOAT_SPEED)')
  .option('--open', 'sandbox: open its page in the browser')
  .action((options: SandboxFlags) => {
    const config = configFor(options);
    return config.slack ? serve({ bot: true, worker: true }, config) : sandbox(config, options);
  });
const sandboxCommand = program.command('sandbox').description('all of Lifeboat in a browser, with no account anywhere');
sandboxCommand
  .command('start', { isDefault: true })
  .description('start it')
  .option('--speed <times>', 'run the durations of the estate this many times faster (LIFEBOAT_SPEED)')
  .option('--open', 'open its page in the browser')
  .action((options: SandboxFlags) => sandbox(configFor(options), options));
sandboxCommand
  .command('reset')
  .description('remove everything that it kept')
  .action(async () => {
    const config = readConfig();
    const { resetSandbox } = await import('./sandbox-mode.ts');
    const home = await resetSandbox(config, createLog({ level: 'error' }));
    process.stdout.write(`${home} is removed; the next start begins anew\n`);
  });
program
  .command('bot')
  .description('take commands and send messages and pages, but run no steps')
  .action(() => serve({ bot: true, worker: false }, readConfig()));
program
  .command('worker')
  .description('run the steps of runbooks')
  .option('--site <site>', 'only the steps of this site and those that name none (LIFEBOAT_SITE)')
  .action(({ site }: { site?: string }) => {
    const config = readConfig();
    return serve({ bot: false, worker: true }, site === undefined ? config : { ...config, site });
  });
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

interface SandboxFlags {
  speed?: string;
  open?: boolean;
}

function configFor({ speed }: SandboxFlags): Config {
  return readConfigWith(speed === undefined ? {} : { LIFEBOAT_SPEED: speed });
}

async function serve(parts: Parts, config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, secrets: config.secrets });
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

async function sandbox(config: Config, { open = false }: SandboxFlags): Promise<void> {
  const started = performance.now();
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const lifeboat = [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url)];
  process.stdout.write('Lifeboat starts its sandbox …\n');
  const starting = import('./sandbox-mode.ts').then(({ runSandbox }) => runSandbox(config, lifeboat, log));
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    // A start that is under way comes to its end first: what it began can then be ended.
    stopping ??= starting.then((started) => started.stop()).then(() => process.exit(), fail);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  // Services and PostgreSQL outlive this process: it must not end without ending them.
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (error) => {
      log.fatal({ err: error }, kind);
      process.exitCode = 1;
      stop();
    });
  }
  const running = await starting;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `Ready after ${seconds} s: ${running.url}${speedWords(config)}\nStop it with Ctrl+C. For a real Slack set SLACK_BOT_TOKEN and SLACK_APP_TOKEN: the README says how.\n`,
  );
  if (open) openInBrowser(running.url);
}

function speedWords({ speed }: Config): string {
  return speed === 1 ? '' : `, ${speed} times faster than life`;
}

/** Where there is no browser the printed address has to do. */
function openInBrowser(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

function fail(error: unknown): void {
  const refused = error instanceof LifeboatError;
  process.stderr.write(
    `lifeboat: ${refused ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
  );
  if (refused && error.fix) process.stderr.write(`fix: ${error.fix}\n`);
  process.exit(refused ? 2 : 1);
}
