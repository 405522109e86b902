import { createServer, type RequestListener } from 'node:http';
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
  /** Why commands cannot be taken now, or null when they can. */
  unready: () => Promise<string | null>;
  metrics: () => Promise<string>;
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

/** One HTTP server: Slack's requests, PagerDuty's webhooks, the public status, health and metrics. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { port, host, slack } = options;
  const pages = getRequestListener(routes(options).fetch);
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (slack && path === '/slack/events') slack(request, response);
    else void pages(request, response);
  });
  const taken = await listen(server, port, host);
  return {
    port: taken,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2000).unref();
      }),
  };
}

function routes({ unready, metrics, status, pagerduty, log }: WebOptions): Hono {
  const app = new Hono();
  app.get('/healthz', (context) => context.text('alive\n'));
  app.get('/readyz', async (context) => {
    const reason = await unready();
    return reason === null ? context.text('ready\n') : context.text(`not ready: ${reason}\n`, 503);
  });
  app.route('/', statusRoutes({ status, log }));
  app.get('/metrics', async (context) => context.text(await metrics()));
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
