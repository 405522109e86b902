import { mkdir } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { urlOf } from '@lifeboat/embedded-postgres/connection';
import { readPassword } from '@lifeboat/embedded-postgres/data-directory';
import { locateBase } from '@lifeboat/embedded-postgres/locate-base';
import { silentLog } from '@lifeboat/embedded-postgres/postgres-log';
import { visibleText } from '@lifeboat/stand-ins/slack/waiting';
import type { Reply } from '@lifeboat/stand-ins/slack/gestures';
import type { Room } from '@lifeboat/stand-ins/slack/room';
import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';
import { createTestDatabase } from './database.ts';
import { copySmallEstate, ESTATE, type EstateCopy } from './estates/copy.ts';
import type { SpawnedProgram } from './process.ts';
import { fastForward, sql } from './time.ts';
import { waitFor } from './wait-for.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

export interface LogLine {
  level: string;
  msg: string;
  [field: string]: unknown;
}

/** The started program with a database of its own, and what people do with it. */
export interface Program {
  world: World;
  databaseUrl: string;
  estate: EstateCopy;
  /** The process that was started last. */
  process(): SpawnedProgram;
  /** Starts it again, or a second one beside it. */
  start(...how: Parameters<World['start']>): Promise<SpawnedProgram>;
  /** Types `/dr text` as a person, by name. */
  dr: (who: string, text: string, channel?: string) => Promise<Reply>;
  /** Declares as Ana, whatever was declared before, and waits for the channel and its first messages. */
  declare: (text: string) => Promise<Declared>;
  pass: (ms: number) => Promise<void>;
  rows<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Waits until everything that is due has been done. */
  idle(timeoutMs?: number): Promise<void>;
  logs(): LogLine[];
  /** Keys of messages that stand more than once in a channel. */
  doubles(): string[];
  stop(): Promise<void>;
}

export interface Declared {
  id: number;
  room: Room;
  channel: string;
}

export interface ProgramOptions extends WorldOptions {
  /** Runbooks beside those of the small estate: YAML by file name without its ending. */
  runbooks?: Record<string, string>;
  /** Texts of the small estate to put others in place of. */
  replace?: [from: string, to: string][];
  /** The program starts its own server in this home, which is removed at the end. */
  embedded?: string;
}

export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const { runbooks = {}, replace = [], embedded, ...rest } = options;
  const estate = await copySmallEstate();
  await mkdir(join(estate.folder, 'runbooks'), { recursive: true });
  for (const [name, text] of Object.entries(runbooks))
    writeFileSync(join(estate.folder, `runbooks/${name}.yaml`), `name: ${name}\n${text}`);
  for (const [from, to] of replace) await estate.spoil(ESTATE, from, to);
  const named = rest.databaseUrl ?? embedded;
  const db = named === undefined ? await createTestDatabase() : undefined;
  const world = await startWorld({
    estate: join(estate.folder, ESTATE),
    ...rest,
    databaseUrl: rest.databaseUrl ?? db?.url,
    ...(embedded !== undefined && { home: embedded }),
  });
  const stop = async (): Promise<void> => {
    await world.stop();
    if (process.env.LIFEBOAT_TEST_OUTPUT !== undefined) writeFileSync(process.env.LIFEBOAT_TEST_OUTPUT, world.output());
    await estate.remove();
    await db?.drop();
  };
  try {
    const first = await world.start();
    const databaseUrl = rest.databaseUrl ?? db?.url ?? embeddedUrl(embedded ?? '');
    return assemble(world, estate, databaseUrl, first, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function assemble(
  world: World,
  estate: EstateCopy,
  databaseUrl: string,
  first: SpawnedProgram,
  stop: () => Promise<void>,
): Program {
  const { workspace } = world;
  const started = [first];
  const program: Program = {
    world,
    databaseUrl,
    estate,
    stop,
    process: () => started.at(-1) ?? first,
    async start(...how) {
      const next = await world.start(...how);
      started.push(next);
      return next;
    },
    dr: (who, text, channel = '#general') => workspace.user(who).command('/dr', text, { channel }),
    async declare(text) {
      const reply = await program.dr('ana', `declare ${text} anyway`);
      const [, id = ''] = /INC-(\d+) declared/.exec(reply.text) ?? [];
      if (id === '') throw new Error(`not declared: ${reply.text} ${reply.error ?? ''}`);
      const room = await workspace.waitForChannel(new RegExp(`^dr-${id}-`), { timeout: 10_000 });
      await waitFor('the card', () => room.messages().length > 0);
      return { id: Number(id), room, channel: `#${room.name}` };
    },
    pass: (ms) => fastForward(databaseUrl, ms),
    rows: (text, values) => sql(databaseUrl, text, values),
    async idle(timeoutMs = 20_000) {
      await waitFor('everything that is due to be done', () => isIdle(databaseUrl), { timeoutMs });
    },
    logs: () => started.flatMap((each) => linesOf(each.output())),
    doubles: () => doublesIn(workspace.messages()),
  };
  return program;
}

/** The address of the server that a program started in its home. */
function embeddedUrl(home: string): string {
  const base = locateBase(home, silentLog);
  const [, , , port] = readFileSync(join(base.data, 'postmaster.pid'), 'utf8').split('\n');
  return urlOf(Number(port), readPassword(base));
}

async function isIdle(databaseUrl: string): Promise<boolean> {
  const left = await sql(
    databaseUrl,
    `select key from effect where state in ('queued', 'running')
       or state = 'pending' and (due_at <= now() or queue not in ('timers', 'escalation') and due_at <= now() + interval '2 seconds')`,
  );
  return left.length === 0;
}

function linesOf(output: string): LogLine[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

export const keyOf = (message: SlackMessage): string | undefined => {
  const key = message.metadata?.event_payload['key'];
  return typeof key === 'string' ? key : undefined;
};

function doublesIn(messages: SlackMessage[]): string[] {
  const places = messages.flatMap((each) => {
    const key = keyOf(each);
    return key === undefined ? [] : [`${each.channel} ${key}`];
  });
  return places.filter((each, index) => places.indexOf(each) !== index);
}

/** What people read of the messages of a channel, oldest first. */
export const wordsIn = (room: Room): string[] => room.messages().map(visibleText);

/** What an answer says in its text and its blocks. */
export const said = (reply: Reply): string => visibleText({ text: reply.text, blocks: reply.blocks });
