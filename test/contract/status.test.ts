import type pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { PublicStatus } from '../../src/domain/incident/public-status.ts';
import { openPool } from '../../src/postgres/db.ts';
import { readPublicStatus } from '../../src/store/incident/public-status.ts';
import type { VerbDeps } from '../../src/verbs/context.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { startWeb, type Web } from '../../src/web/server.ts';
import { statusRoutes } from '../../src/web/status.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { smallEstate } from '../support/queue-world.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let proxy: TcpProxy;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let web: Web;
let requests = 0;

const by = () => ({ key: `r${(requests += 1)}`, actor: 'slack:U01ANA' });
const get = (path: string) => fetch(`http://127.0.0.1:${web.port}${path}`);
/** As other programs read it: dates are ISO 8601. */
const factsNow = async () => (await (await get('/status.json')).json()) as PublicStatus;
const declare = (severity: 'P0' | 'P2', service: string | null) =>
  declareIncident(verbs, by(), { title: 'Secret words of Ana', severity, service, channel: 'C0SECRET' });

beforeAll(async () => {
  database = await createTestDatabase();
  estate = await smallEstate();
  const { hostname: host, port } = new URL(database.url);
  proxy = await startTcpProxy({ host, port: Number(port) });
  pool = openPool(proxy.through(database.url), 4, () => undefined, 1000);
  pool.on('connect', (client) => client.on('error', () => undefined));
  verbs = { pool, estate: () => estate };
});
afterAll(async () => {
  await pool.end();
  await proxy.stop();
  await database.drop();
});
beforeEach(async () => {
  web = await startWeb({
    ...{ port: 0, host: '127.0.0.1', log, slack: undefined },
    pagerduty: () => Promise.resolve(202),
    status: () => readPublicStatus(pool, estate),
  });
});
afterEach(() => web.stop());

describe('the status page', () => {
  it('follows an incident from its declaration to a week after its end, and gives nothing else away', async () => {
    expect(await (await get('/status')).text()).toContain('All services are operational');
    const outage = await declare('P0', 'api');
    await declare('P2', null);
    const page = await get('/status');
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'max-age=15']);
    expect(page.headers.get('content-security-policy')).toContain(`default-src 'none'`);
    const html = await page.text();
    expect(html).toContain('There is a major outage');
    expect(html).toContain('which services are affected is not known yet');

    await resolveIncident(verbs, by(), outage.id, 'Secret cause');
    const facts = await factsNow();
    expect(facts.services.find(({ name }) => name === 'api')).toMatchObject({ state: 'operational' });
    expect(facts.resolved).toMatchObject([
      { services: ['api', 'Shop front'], state: 'major_outage', ms: expect.any(Number) },
    ]);
    expect(facts.unknown).toMatchObject({ state: 'partial_outage', next_update: expect.stringMatching(/Z$/) });
    const after = await (await get('/status')).text();
    expect(`${html}${after}${JSON.stringify(facts)}`).not.toMatch(/secret|ana|U01|INC-|dr-\d/i);

    await pool.query(`update incident set resolved_at = resolved_at - interval '8 days' where id = $1`, [outage.id]);
    expect((await factsNow()).resolved).toEqual([]);
  });

  it('brings its style and its script', async () => {
    for (const [path, type] of [['/status.css', 'text/css'] as const, ['/status.js', 'text/javascript'] as const]) {
      const answer = await get(path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
    }
  });

  it('says that it cannot be told while the database is away, and is right again afterwards', async () => {
    proxy.cut();
    const [page, json] = await Promise.all([get('/status'), get('/status.json')]);
    expect([page.status, json.status]).toEqual([503, 503]);
    expect([page.headers.get('cache-control'), page.headers.get('retry-after')]).toEqual(['no-store', '30']);
    expect(await page.text()).toContain('cannot be told now');
    expect(await json.json()).toEqual({ error: 'the status cannot be told now' });
    proxy.restore();
    await expect.poll(async () => (await get('/status')).status, { timeout: 5000 }).toBe(200);
  });

  it('does not wait for a database that falls silent', async () => {
    await get('/status');
    const quick = statusRoutes({ status: () => readPublicStatus(pool, estate), log, silence_ms: 50 });
    proxy.blackhole();
    try {
      expect((await quick.request('/status')).status).toBe(503);
    } finally {
      proxy.restore();
    }
    await expect.poll(async () => (await get('/status')).status, { timeout: 5000 }).toBe(200);
  });

  it('asks the database once for many who look at the same time', async () => {
    let asked = 0;
    const counted = statusRoutes({ status: () => ((asked += 1), readPublicStatus(pool, estate)), log });
    const answers = await Promise.all(Array.from({ length: 50 }, async () => counted.request('/status')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked).toBeLessThan(5);
  });
});
