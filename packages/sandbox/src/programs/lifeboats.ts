import { join } from 'node:path';
import type { World } from '../world.ts';
import type { Part } from '../surroundings.ts';
import { Program, type Ports } from './program.ts';

export interface LifeboatOptions {
  /** The program that is Lifeboat itself, with the arguments before its own. */
  lifeboat: readonly string[];
  estateFile: string;
  home: string;
  databaseUrl: string;
  speed: number;
  /** What its processes inherit. */
  environment: Readonly<Record<string, string>>;
}

const AWAY: Ports = { port: 0, privatePort: 0 };
const WORKERS = ['worker-1', 'worker-2'];

/** Lifeboat as it runs on several machines: a bot and two workers, each a process of its own that can be killed. */
export class Lifeboats {
  botPorts: Ports = AWAY;
  readonly #world: World;
  readonly #bot: Program;
  readonly #workers: Program[];
  readonly parts: Part[];

  constructor(options: LifeboatOptions, world: World, routing: Record<string, string>, logs: string) {
    this.#world = world;
    const env = environmentFor(options, world, routing);
    const program = (id: string, args: string[], onStarted?: (ports: Ports) => void): Program =>
      new Program({
        command: [...options.lifeboat, ...args],
        env,
        log: join(logs, `${id}.log`),
        onChange: (state) => {
          if (id === 'bot' && state !== 'up') this.botPorts = AWAY;
          world.surroundings.note(id, state);
        },
        ...(onStarted && { onStarted }),
      });
    this.#bot = program('bot', ['bot'], (ports) => {
      this.botPorts = ports;
      world.pagerduty.pager.subscribe(`http://127.0.0.1:${ports.port}/webhooks/pagerduty`);
    });
    this.#workers = WORKERS.map((id) => program(id, ['worker']));
    this.parts = [
      part(
        'bot',
        "Lifeboat's bot",
        'Killed with -9: commands fail until it is back; then it goes on where it stopped.',
        this.#bot,
      ),
      ...this.#workers.map((worker, index) =>
        part(
          `worker-${index + 1}`,
          `Worker ${index + 1}`,
          'Killed with -9: the other worker takes its steps over.',
          worker,
        ),
      ),
    ];
  }

  /** Resolves when commands are taken and steps are run; the second worker comes a little later. */
  async start(): Promise<void> {
    const [first, ...others] = this.#workers;
    await Promise.all([this.#bot.start().then(() => connected(this.#world)), first?.start()]);
    for (const worker of others) void worker.start().catch(() => undefined); // shown as down; its log says why
  }

  async stop(): Promise<void> {
    await Promise.all([this.#bot, ...this.#workers].map((each) => each.stop()));
  }
}

/** Resolves when the bot has a socket open: a command that is typed before that fails. */
function connected({ slack }: World): Promise<void> {
  const { sockets, events } = slack.workspace;
  return new Promise((resolve) => {
    const look = (): void => {
      if (!sockets.ready) return;
      events.off('sockets', look);
      resolve();
    };
    events.on('sockets', look);
    look();
  });
}

const part = (id: string, name: string, about: string, program: Program): Part => ({
  ...{ id, name, about },
  take: () => program.kill(),
  bring: () => program.start(),
});

function environmentFor(
  { environment, estateFile, home, databaseUrl, speed }: LifeboatOptions,
  { slack, pagerduty }: World,
  routing: Record<string, string>,
): Record<string, string> {
  return {
    ...environment,
    ...routing,
    ...{
      PORT: '0',
      LIFEBOAT_PRIVATE_PORT: '0',
      HOST: '127.0.0.1',
      LIFEBOAT_HOME: home,
      LIFEBOAT_ESTATE: estateFile,
      LIFEBOAT_SPEED: String(speed),
    },
    DATABASE_URL: databaseUrl,
    ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.url },
    ...{ PAGERDUTY_EVENTS_URL: pagerduty.eventsUrl, PAGERDUTY_API_URL: pagerduty.apiUrl },
    ...{ PAGERDUTY_API_TOKEN: pagerduty.apiToken, PAGERDUTY_WEBHOOK_SECRET: pagerduty.webhookSecret },
    PAGERDUTY_FROM: pagerduty.pager.directory.users[0]?.email ?? 'nobody@example.com',
  };
}
