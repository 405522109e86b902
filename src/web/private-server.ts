import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { LifeboatError, messageOf } from '../runtime/errors.ts';
import { listen } from '../runtime/listen.ts';
import type { Log } from '../runtime/log.ts';
import { closeServer, type Web } from './server.ts';
import { singleFlight } from './single-flight.ts';

export interface PrivateWebOptions {
  /** The port that was asked for; without one 3001, or any free one where that is taken. */
  port: number | undefined;
  host: string;
  log: Log;
  /** Whether commands can be taken now. */
  readiness: () => Promise<Readiness>;
  metrics: () => Promise<string>;
}

export interface Readiness {
  /** Why not; none when ready. */
  reasons: string[];
  /** What is worth knowing all the same. */
  notices: string[];
}

const PRIVATE_PORT = 3001;
/** Whoever probes gives up sooner or later; Prometheus after 10 s, Kubernetes after 1 s by default, in ms. */
const READY_LIMIT_MS = 5000;
const METRICS_LIMIT_MS = 8000;
/** `text/plain` of the Prometheus text format. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The server for operators: readiness and metrics. However many ask, each is worked out once at a time. */
export async function startPrivateWeb(options: PrivateWebOptions): Promise<Web> {
  const answer = getRequestListener(routes(options).fetch);
  const server = createServer((request, response) => void answer(request, response));
  const port = await listenPrivately(server, options);
  return { port, stop: () => closeServer(server) };
}

/** Two processes on one machine both start: only a port that somebody asked for has to be had. */
async function listenPrivately(
  server: ReturnType<typeof createServer>,
  { port, host, log }: PrivateWebOptions,
): Promise<number> {
  try {
    return await listen(server, port ?? PRIVATE_PORT, host, 'LIFEBOAT_PRIVATE_PORT');
  } catch (error) {
    if (port !== undefined || !(error instanceof LifeboatError)) throw error;
    const free = await listen(server, 0, host, 'LIFEBOAT_PRIVATE_PORT');
    log.warn({ wanted: PRIVATE_PORT, port: free }, 'private port taken, listening on another one');
    return free;
  }
}

function routes({ readiness, metrics, log }: PrivateWebOptions): Hono {
  const ready = singleFlight(readiness, READY_LIMIT_MS);
  const scrape = singleFlight(metrics, METRICS_LIMIT_MS);
  const app = new Hono();
  app.get('/healthz', (context) => context.text('alive\n'));
  app.get('/readyz', async (context) => {
    const { reasons, notices } = await ready().catch((error: unknown) => ({
      reasons: [messageOf(error)],
      notices: [],
    }));
    const notes = notices.map((each) => `note: ${each}\n`).join('');
    if (reasons.length === 0) return context.text(`ready\n${notes}`);
    return context.text(`${reasons.map((each) => `not ready: ${each}\n`).join('')}${notes}`, 503);
  });
  app.get('/metrics', async (context) => {
    try {
      return context.body(await scrape(), 200, { 'content-type': METRICS_TYPE });
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'no metrics');
      return context.text('no metrics in time\n', 503);
    }
  });
  return app;
}
