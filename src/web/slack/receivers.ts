import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { HTTPReceiver, isValidSlackRequest, SocketModeReceiver, type App } from '@slack/bolt';
import type { Log } from '../../runtime/log.ts';
import { boltLogger, createSlackApp, type SlackAppOptions } from './app.ts';
import { payloadProblem, readBody } from './read-payload.ts';

/** Slack refuses more than 10; two leave no gap when it refreshes one. */
const SOCKETS = 2;
/** A stamp further from now, either way, is not from now, in seconds (Slack's own advice: 5 minutes). */
const MAX_AGE_S = 300;
/** Slack's largest requests are submitted forms: a view has at most 250 KB. */
const MAX_BYTES = 2 * 1024 * 1024;

export interface SlackEdge {
  /** Takes `POST /slack/events`; absent without a signing secret. */
  requestListener?: RequestListener;
  /** Whether commands can arrive now. */
  ready(): boolean;
  stop(): Promise<void>;
}

export interface ReceiverOptions extends SlackAppOptions {
  appToken?: string | undefined;
  signingSecret?: string | undefined;
}

/** Receives over Socket Mode, HTTP, or both, as the secrets allow. */
export function startSlackEdge(options: ReceiverOptions): SlackEdge {
  const { appToken, signingSecret } = options;
  const sockets = appToken === undefined ? [] : Array.from({ length: SOCKETS }, () => openSocket(appToken, options));
  const http = signingSecret === undefined ? undefined : openHttp(signingSecret, options);
  return {
    ...(http && { requestListener: http }),
    ready: () => http !== undefined || sockets.some((socket) => socket.connected()),
    async stop() {
      await Promise.all(sockets.map((socket) => socket.stop()));
    },
  };
}

function openHttp(signingSecret: string, options: ReceiverOptions): RequestListener {
  const { log } = options;
  const receiver = new HTTPReceiver({ signingSecret, endpoints: '/slack/events', logger: boltLogger(log) });
  createSlackApp(receiver, options);
  return (request, response) => {
    // Bolt refuses old stamps but not those of the future, which could be replayed for as long as they lie ahead.
    const stamp = Number(request.headers['x-slack-request-timestamp']);
    if (Math.abs(Date.now() / 1000 - stamp) <= MAX_AGE_S) {
      void receive(request, response);
      return;
    }
    log.warn({ stamp }, 'request with a stale stamp refused');
    response.writeHead(401).end();
  };

  /** Bolt waits for ever, or answers with an error of its own, when a genuine request holds something else than it expects. */
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request, log);
    if (body === null) return;
    const signature = request.headers['x-slack-signature'];
    const problem =
      typeof signature === 'string' && isGenuine(signingSecret, request, signature, body)
        ? problemOf(request, body)
        : null;
    if (problem === null) {
      receiver.requestListener(Object.assign(request, { rawBody: Buffer.from(body) }), response);
      return;
    }
    log.warn({ problem }, 'request that Slack would not send refused');
    response.writeHead(400).end();
  }
}

function isGenuine(signingSecret: string, { headers }: IncomingMessage, signature: string, body: string): boolean {
  const stamp = Number(headers['x-slack-request-timestamp']);
  return isValidSlackRequest({
    ...{ signingSecret, body },
    headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': stamp },
  });
}

function problemOf({ headers }: IncomingMessage, body: string): string | null {
  try {
    return payloadProblem(readBody(headers['content-type'], body));
  } catch {
    return 'it is no JSON';
  }
}

/** The whole body; null when it was cut off. A signature needs all of it, and before that anybody could fill the memory. */
async function readAll(request: IncomingMessage, log: Log): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BYTES) {
        log.warn({ size }, 'request that is too long cut off');
        request.destroy();
        return null;
      }
      chunks.push(chunk);
    }
  } catch {
    return null; // whoever sent it is gone
  }
  return Buffer.concat(chunks).toString('utf8');
}

function openSocket(appToken: string, options: ReceiverOptions) {
  const { apiUrl, log } = options;
  // A Slack that is away at the start is said once, by the program, and not by each try of each socket.
  let greeted = false;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(log, () => !greeted),
    // The client's own retries stay on here: without them an outage while reconnecting would end the process.
    installerOptions: { clientOptions: { slackApiUrl: apiUrl } },
  });
  const app: App = createSlackApp(receiver, options);
  let connected = false;
  let stopped = false;
  receiver.client.on('connected', () => (greeted = connected = true));
  for (const event of ['disconnected', 'reconnecting', 'close']) receiver.client.on(event, () => (connected = false));
  void start(app, () => stopped, log);
  return {
    connected: () => connected,
    async stop() {
      stopped = true;
      await app.stop();
    },
  };
}

/** Connects, however long Slack is away; everything else of Lifeboat works meanwhile. */
async function start(app: App, stopped: () => boolean, log: Log): Promise<void> {
  while (!stopped()) {
    try {
      await app.start();
      return;
    } catch (error) {
      log.debug({ err: error }, 'slack socket not connected');
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
