import { createServer, type Server } from 'node:http';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { listen } from '../../src/runtime/listen.ts';
import { startPrivateWeb, type PrivateWebOptions } from '../../src/web/private-server.ts';
import { readinessOf } from '../../src/web/readiness.ts';
import { startWeb, type Web } from '../../src/web/server.ts';

const log = pino({ level: 'silent' });
const servers: Web[] = [];
const held: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  for (const server of held.splice(0)) server.close();
});

async function start(options: Partial<PrivateWebOptions> = {}): Promise<(path: string) => Promise<Response>> {
  const web = await startPrivateWeb({
    ...{ port: 0, host: '127.0.0.1', log },
    readiness: () => readinessOf([]),
    metrics: () => Promise.resolve('lifeboat_incidents_open 0\n'),
    ...options,
  });
  servers.push(web);
  return (path) => fetch(`http://127.0.0.1:${web.port}${path}`);
}

/** Work that ends when it is told to, and how often it was begun. */
function slow<T>(value: T) {
  const ends: (() => void)[] = [];
  return {
    begun: () => ends.length,
    end: () => ends.forEach((each) => each()),
    work: () => new Promise<T>((resolve) => ends.push(() => resolve(value))),
  };
}

test('however many probe and scrape at once, each is worked out once', async () => {
  const readiness = slow({ reasons: [], notices: [] });
  const metrics = slow('x 1\n');
  const get = await start({ readiness: readiness.work, metrics: metrics.work });
  const asked = Array.from({ length: 20 }, (_, n) => get(n % 2 === 0 ? '/readyz' : '/metrics'));
  await expect.poll(() => [readiness.begun(), metrics.begun()]).toEqual([1, 1]);
  await get('/healthz'); // all twenty have arrived before this one
  readiness.end();
  metrics.end();
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect([readiness.begun(), metrics.begun()]).toEqual([1, 1]);
});

test('says everything that is wrong, and what is only worth knowing', async () => {
  const checks = [() => 'Slack is away', () => null, () => Promise.reject(new Error('the disk is full'))];
  const get = await start({ readiness: () => readinessOf(checks, ['another file is in use', null]) });
  const answer = await get('/readyz');
  expect(answer.status).toBe(503);
  expect(await answer.text()).toBe(
    'not ready: Slack is away\nnot ready: the disk is full\nnote: another file is in use\n',
  );
  const ready = await start({ readiness: () => readinessOf([() => null], ['another file is in use']) });
  expect(await (await ready('/readyz')).text()).toBe('ready\nnote: another file is in use\n');
});

test('a scrape that fails is a 503 and not an empty page', async () => {
  const get = await start({ metrics: () => Promise.reject(new Error('no database')) });
  expect((await get('/metrics')).status).toBe(503);
});

test('a second process on the machine takes a free port, but one that was asked for has to be had', async () => {
  const other = createServer();
  held.push(other);
  // Another program of this machine may hold 3001 already, which is all that is needed.
  await listen(other, 3001, '127.0.0.1').catch(() => undefined);
  const get = await start({ port: undefined });
  expect((await get('/readyz')).status).toBe(200);
  const busy = createServer();
  held.push(busy);
  const port = await listen(busy, 0, '127.0.0.1');
  await expect(start({ port })).rejects.toMatchObject({
    message: `port ${port} is taken by another program`,
    fix: 'set LIFEBOAT_PRIVATE_PORT to a free one',
  });
});

test('the public port shows neither readiness nor metrics', async () => {
  const web = await startWeb({
    ...{ port: 0, host: '127.0.0.1', log, slack: undefined },
    status: () => Promise.reject(new Error('not asked here')),
    pagerduty: () => Promise.resolve(202),
  });
  servers.push(web);
  const statuses = ['healthz', 'readyz', 'metrics'].map(
    async (page) => (await fetch(`http://127.0.0.1:${web.port}/${page}`)).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 404, 404]);
});
