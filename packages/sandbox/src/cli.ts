#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { fail, runCommandLine } from '../../../src/command-line.ts';
import type { Installation } from '../../../src/installation.ts';
import { LIFEBOAT } from './paths.ts';

process.setSourceMapsEnabled(true);
await runCommandLine({
  start,
  reset: async (installation) => (await world()).resetSandbox(installation),
});

/** Not before it is wanted: the same program serves a real Slack where one is configured. */
function world() {
  return import('./run-sandbox.ts');
}

/** Runs the sandbox until a signal ends it. */
async function start(installation: Installation, { open }: { open: boolean }): Promise<void> {
  const started = performance.now();
  const { config, log } = installation;
  process.stdout.write('Lifeboat starts its sandbox …\n');
  const lifeboat = [process.execPath, ...process.execArgv, LIFEBOAT];
  const starting = world().then(({ runSandbox }) => runSandbox(installation, lifeboat));
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
  const speed = config.speed === 1 ? '' : `, ${config.speed} times faster than life`;
  process.stdout.write(
    `${running.notice}Ready after ${seconds} s: ${running.url}${speed}\nStop it with Ctrl+C. For a real Slack set SLACK_BOT_TOKEN and SLACK_APP_TOKEN: the README says how.\n`,
  );
  if (open) openInBrowser(running.url);
}

/** Where there is no browser the printed address has to do. */
function openInBrowser(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
