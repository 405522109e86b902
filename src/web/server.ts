import { createServer, type RequestListener, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { listen } from '../runtime/listen.ts';
import type { Log } from '../runtime/log.ts';
import { statusRoutes, type StatusOptions } from './status.ts';

export interface WebOptions {
  port: number;
  host: string;
  log: Log;
  slack: RequestListener | undefined;
  status: StatusOptions['status'];
  /** Takes a PagerDuty webhook; answers its HTTP status. */
  pagerduty: (body: string, headers: Headers) => Promise<number>;
}

export interface Web {
  port: number;
  stop(): Promise<void>;
}

/** PagerDuty promises at most 55 KB and drops what is larger than 256 KB. */
const MAX_WEBHOOK_BYTES = 262_144;

/** A request that takes longer to arrive is given up, in ms: a sender that says nothing must not keep a connection. */
const REQUEST_LIMIT_MS = 15_000;

/** The HTTP server for the outside: Slack's requests, PagerDuty's webhooks, the public status, and whether it lives. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { port, host, slack } = options;
  const pages = getRequestListener(routes(options).fetch);
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS }, (request, response) => {
    const path = request.url?.split('?')[0];
    if (slack && path === '/slack/events') slack(request, response);
    else void pages(request, response);
  });
  const taken = await listen(server, port, host);
  return { port: taken, stop: () => closeServer(server) };
}

/** Lets what is being answered end, for two seconds. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2000).unref();
  });
}

function routes({ status, pagerduty, log }: WebOptions): Hono {
  const app = new Hono();
  app.get('/healthz', (context) => context.text('alive\n'));
  app.route('/', statusRoutes({ status, log }));
  const limit = bodyLimit({ maxSize: MAX_WEBHOOK_BYTES, onError: (context) => context.body(null, 413) });
  app.post('/webhooks/pagerduty', limit, async (context) => {
    const body = await context.req.text();
    return new Response(null, { status: await pagerduty(body, context.req.raw.headers) });
  });
  app.onError((error, context) => {
    log.error({ err: error }, 'request failed');
    return context.text('something went wrong\n', 500);
  });
  return app;
}
