import { Hono, type Context } from 'hono';
import type { PublicStatus } from '../domain/incident/public-status.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { singleFlight } from './single-flight.ts';
import { statusPage, unknownPage } from './status-page.ts';
import { STATUS_SCRIPT } from './status-script.ts';
import { STATUS_STYLE } from './status-style.ts';

export interface StatusOptions {
  /** What customers may see now; rejects when the database does not answer. */
  status: () => Promise<PublicStatus>;
  log: Log;
  /** A database that says nothing for this long counts as away, in ms. */
  silence_ms?: number;
}

const FRESH = 'max-age=15';
const POLICY = [
  `default-src 'none'`,
  ...[`style-src 'self'`, `script-src 'self'`, `connect-src 'self'`, 'img-src data:'],
  ...[`frame-ancestors 'self'`, `base-uri 'none'`, `form-action 'none'`],
].join('; ');

/** The public status page as HTML and as JSON. Anybody may look, so however many do, one query runs at a time. */
export function statusRoutes({ status, log, silence_ms = 3000 }: StatusOptions): Hono {
  const ask = singleFlight(status, silence_ms);
  const look = async (): Promise<PublicStatus | null> => {
    try {
      return await ask();
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'status page without database');
      return null;
    }
  };
  const fresh = (context: Context): void => context.header('cache-control', FRESH);
  const away = (context: Context): void => {
    context.header('cache-control', 'no-store');
    context.header('retry-after', '30');
    context.status(503);
  };

  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('content-security-policy', POLICY);
    context.header('x-content-type-options', 'nosniff');
  });
  app.get('/status', async (context) => {
    const now = await look();
    (now ? fresh : away)(context);
    return context.html(now ? statusPage(now) : unknownPage());
  });
  app.get('/status.json', async (context) => {
    const now = await look();
    (now ? fresh : away)(context);
    return context.json(now ?? { error: 'the status cannot be told now' });
  });
  app.get('/status.css', (context) => {
    context.header('cache-control', 'max-age=300');
    return context.body(STATUS_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' });
  });
  app.get('/status.js', (context) => {
    context.header('cache-control', 'max-age=300');
    return context.body(STATUS_SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' });
  });
  return app;
}
