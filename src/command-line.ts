import { Command } from 'commander';
import { checkFile } from './estate/check.ts';
import { jsonSchema } from './estate/json-schema.ts';
import type { Installation } from './installation.ts';
import { readConfigWith, type Config } from './runtime/config.ts';
import { LifeboatError, messageOf } from './runtime/errors.ts';
import { createLog, type Log } from './runtime/log.ts';
import { isReadable } from './runtime/secrets.ts';
import { serve } from './serve.ts';

/** What the program of packages/sandbox adds; a real installation does not have it. */
export interface SandboxCommands {
  /** Runs until a signal ends it. */
  start(installation: Installation, flags: { open: boolean }): Promise<void>;
  /** Removes everything that it kept; says which folder that was. */
  reset(installation: Installation): Promise<string>;
}

/** Reads the words after the program's name and does what they say. */
export async function runCommandLine(sandbox?: SandboxCommands): Promise<void> {
  const program = new Command('lifeboat')
    .description('ChatOps incident and disaster-recovery bot.')
    .showSuggestionAfterError();
  addStart(program, sandbox);
  addSandbox(program, sandbox);
  program
    .command('bot')
    .description('take commands and send messages and pages, but run no steps')
    .action(() => serve({ bot: true, worker: false }, readConfigWith({})));
  program
    .command('worker')
    .description('run the steps of runbooks')
    .option('--site <site>', 'only the steps of this site and those that name none (LIFEBOAT_SITE)')
    .action(({ site }: { site?: string }) => {
      const config = readConfigWith({});
      return serve({ bot: false, worker: true }, site === undefined ? config : { ...config, site });
    });
  program
    .command('check')
    .description('check an estate or a runbook and list every error and warning')
    .argument('<file>')
    .option('--strict', 'end with exit code 1 for warnings too')
    .action(async (file: string, { strict = false }: { strict?: boolean }) => {
      const config = readConfigWith({});
      const hasSecret = (name: string): boolean => isReadable(config.stepSecrets, name);
      const { text, ok } = await checkFile(file, { strict, means: { ...config, hasSecret } });
      (ok ? process.stdout : process.stderr).write(`${text}\n`);
      process.exitCode = ok ? 0 : 1;
    });
  addFirstSteps(program);
  await program.parseAsync().catch(fail);
}

/** What helps before anything runs; none of it changes anything but the files of `init`. */
function addFirstSteps(program: Command): void {
  program
    .command('init')
    .description('write a small estate and one runbook to begin with')
    .argument('[dir]', 'the folder to write into', '.')
    .option('-y, --yes', 'ask nothing, take the usual answers')
    .action(async (folder: string, { yes = false }: { yes?: boolean }) => {
      const { init } = await import('./init/init.ts');
      process.stdout.write(`${await init(folder, yes, process.stdin, (text) => process.stdout.write(text))}\n`);
    });
  program
    .command('doctor')
    .description('look at what a start needs and say what is wrong; changes and posts nothing, pages nobody')
    .action(async () => {
      const config = readConfigWith({});
      const { examine } = await import('./doctor/examine.ts');
      const sound = await examine(config, (line) => process.stdout.write(`${line}\n`));
      process.exitCode = sound ? 0 : 1;
    });
  program
    .command('schema')
    .description('print the JSON schema of estates or runbooks, for editors')
    .argument('[kind]', 'estate or runbook', 'estate')
    .action((kind: string) => {
      if (kind !== 'estate' && kind !== 'runbook') {
        throw new LifeboatError('invalid', `there is no schema \`${kind}\``, '`lifeboat schema estate` or `runbook`');
      }
      process.stdout.write(`${JSON.stringify(jsonSchema(kind), null, 2)}\n`);
    });
}

interface SandboxFlags {
  speed?: string;
  open?: boolean;
}

function addStart(program: Command, sandbox: SandboxCommands | undefined): void {
  const words = sandbox ? '; without SLACK_* in the environment, the sandbox' : '';
  const start = program
    .command('start', { isDefault: true })
    .description(`run everything in one process${words}`)
    .action(async (flags: SandboxFlags) => {
      const config = configFor(flags);
      if (config.slack || !sandbox) return serve({ bot: true, worker: true }, config);
      await sandbox.start(await describe(config, sandboxLog(config)), { open: flags.open ?? false });
    });
  if (sandbox) addSandboxFlags(start, 'sandbox: ');
}

function addSandbox(program: Command, sandbox: SandboxCommands | undefined): void {
  if (!sandbox) {
    program
      .command('sandbox', { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new LifeboatError('not_found', 'this installation has no sandbox', SANDBOX_ELSEWHERE);
      });
    return;
  }
  const command = program.command('sandbox').description('all of Lifeboat in a browser, with no account anywhere');
  const start = command
    .command('start', { isDefault: true })
    .description('start it')
    .action(async (flags: SandboxFlags) => {
      const config = configFor(flags);
      await sandbox.start(await describe(config, sandboxLog(config)), { open: flags.open ?? false });
    });
  addSandboxFlags(start, '');
  command
    .command('reset')
    .description('remove everything that it kept')
    .action(async () => {
      const home = await sandbox.reset(await describe(readConfigWith({}), createLog({ level: 'error' })));
      process.stdout.write(`${home} is removed; the next start begins anew\n`);
    });
}

const SANDBOX_ELSEWHERE = "it comes with Lifeboat's sources: run `npm ci && npm start` in a clone of them";

const addSandboxFlags = (command: Command, prefix: string): Command =>
  command
    .option('--speed <times>', `${prefix}run the durations of the estate this many times faster (LIFEBOAT_SPEED)`)
    .option('--open', `${prefix}open its page in the browser`);

function configFor({ speed }: SandboxFlags): Config {
  return readConfigWith(speed === undefined ? {} : { LIFEBOAT_SPEED: speed });
}

const sandboxLog = (config: Config): Log => createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel });

/** A real installation never loads this. */
async function describe(config: Config, log: Log): Promise<Installation> {
  const { describeInstallation } = await import('./installation.ts');
  return describeInstallation(config, log);
}

/** Ends the program with what a refusal says; an error that carries a `fix` is one, of whichever package. */
export function fail(error: unknown): void {
  const refused = error instanceof Error && 'fix' in error;
  process.stderr.write(
    `lifeboat: ${refused ? error.message : error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
  );
  if (refused && typeof error.fix === 'string') process.stderr.write(`fix: ${error.fix}\n`);
  process.exit(refused ? 2 : 1);
}
