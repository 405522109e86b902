import { commands } from '../commands/index.ts';
import { openDatabase, type Database } from './database.ts';
import type { Estate } from './domain/estate/model.ts';
import { holdEstate, type SoundEstate } from './estate-holder.ts';
import type { Config } from './runtime/config.ts';
import type { Log } from './runtime/log.ts';
import { Shutdown } from './runtime/shutdown.ts';

/** What the command line tells the sandbox of Lifeboat, so that the sandbox needs nothing else of it. */
export interface Installation {
  config: Config;
  log: Log;
  /** Releases what is acquired from here on, last in, first out. */
  shutdown: Shutdown;
  /** What can be typed after `/dr`. */
  commands: CommandSummary[];
  /** The estate as it is used; `file` stands in place of the configured one. Throws with every problem when it is refused. */
  loadEstate(file?: string): Promise<{ estate: Estate; files: EstateFiles }>;
  /** A PostgreSQL server of its own in that folder. */
  openDatabase(home: string): Promise<Database>;
}

/** The files of an estate as they were read, by the paths that the loader used. */
export type EstateFiles = SoundEstate['files'];

export interface CommandSummary {
  name: string;
  usage: string;
  summary: string;
  examples: string[];
}

/** Describes this installation; nothing is started or read before it is asked for. */
export function describeInstallation(config: Config, log: Log): Installation {
  return {
    ...{ config, log, shutdown: new Shutdown(log) },
    commands: commands.map(({ name, usage, summary, examples = [] }) => ({ name, usage, summary, examples })),
    async loadEstate(file = config.estate) {
      const held = await holdEstate(file, config.speed);
      return { estate: held.current(), files: held.file.files };
    },
    openDatabase: (home) => openDatabase({ databaseUrl: undefined, home }, log),
  };
}
