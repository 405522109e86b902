import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { Person } from '@lifeboat/stand-ins/slack/person';
import { type SlackStandIn, startSlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';

export interface BoltBesideSlack {
  slack: SlackStandIn;
  bot: App;
  ana: Person;
  /** Moves the workspace's clock; milliseconds. */
  forward(ms: number): void;
  stop(): Promise<void>;
}

/** Starts a stand-in and a real Bolt app over a real HTTP receiver, which is its request URL. */
export async function startBoltBesideSlack(): Promise<BoltBesideSlack> {
  let now = Date.now();
  const slack = await startSlackStandIn({ clock: () => now });
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logLevel: LogLevel.ERROR });
  const clientOptions = { slackApiUrl: slack.url, retryConfig: { retries: 0 } };
  const bot = new App({ token: slack.botToken, receiver, clientOptions, logLevel: LogLevel.ERROR });
  const server: Server = await receiver.start({ port: 0, host: '127.0.0.1' });
  slack.workspace.requestUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  // Bolt asks auth.test from its constructor without waiting for the answer.
  await slack.workspace.waitFor(() => slack.workspace.requests('auth.test').length > 0);
  return {
    slack,
    bot,
    ana: slack.workspace.user('U01ANA'),
    forward: (ms) => (now += ms),
    async stop() {
      await bot.stop();
      await slack.close();
    },
  };
}

/** A server that answers as told, in place of a bot. */
export async function listen(handle: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
