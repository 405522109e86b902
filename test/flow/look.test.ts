import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lookAtIncident } from '../../commands/look-at-incident.ts';
import { healthLook } from '../../jobs/health-look.ts';
import { actions } from '../../src/actions/index.ts';
import { parseEffect } from '../../src/domain/effect/effect.ts';
import type { Estate, HealthCheck } from '../../src/domain/estate/model.ts';
import { createRedactor } from '../../src/runtime/redact.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effectsOf, launch, smallEstate, testPool, type Boat } from '../support/queue-world.ts';

const status = 200;
const server = createServer((request, response) => {
  if (request.url === '/slow') return; // never answers
  response.writeHead(status).end();
});
let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let url: string;
let requests = 0;
const boats: Boat[] = [];

const by = (): Request => ({ key: `r${(requests += 1)}`, actor: 'slack:U01ANA' });
const check = (id: string, with_: string, timeout = 2000): HealthCheck => ({
  ...{ id, uses: 'http', with: { url: with_ }, timeout, every: 1000, failure_limit: 1 },
});
const declare = (service: string | null, mode: 'live' | 'drill' = 'live') =>
  declareIncident(verbs, by(), { title: 'It is down', severity: 'P1', service, channel: 'C1', mode });
const look = (id: number, wait_ms?: number) => lookAtIncident({ pool, verbs }, id, by().key, wait_ms);

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  database = await createTestDatabase();
  pool = testPool(database.url);
});
afterEach(async () => {
  await Promise.all(boats.splice(0).map((boat) => boat.stop(100)));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  server.closeAllConnections();
  server.close();
});

/** A worker of these sites, and an estate whose API has these checks. */
async function world(checks: HealthCheck[], sites: string[] | null = ['east']) {
  estate = await smallEstate();
  estate.services['api']!.checks = checks;
  verbs = { pool, estate: () => estate };
  if (sites === null) return;
  const jobs = [healthLook({ estate: () => estate, actions, redactor: createRedactor(['hunter2secret']) })];
  boats.push(await launch({ url: database.url, verbs, jobs, sites, parse: parseEffect, queues: { steps: 4 } }));
}

test('a look says of each check whether it is green, and why it is red', async () => {
  await world([
    check('up', `${url}/health`),
    check('gone', 'http://gone.invalid/health'),
    check('slow', `${url}/slow`, 300),
    { ...check('port', ''), uses: 'tcp', with: { host: '127.0.0.1', port: 9 } },
  ]);
  const { id } = await declare('api');
  const { looks, needed } = await look(id);
  expect(needed).toEqual(['api']);
  const [api] = looks;
  expect(api).toMatchObject({ service: 'api', health: 'unhealthy' });
  const reasons = Object.fromEntries(api!.checks.map((each) => [each.id, each.reason]));
  expect(reasons['up']).toBeNull();
  expect(reasons['gone']).toMatch(/host not found/);
  expect(reasons['slow']).toMatch(/timed out after 300ms/);
  expect(reasons['port']).toMatch(/connection refused/);
  await expect(resolveIncident(verbs, by(), id, 'Mended', { looks, needed, reason: null })).rejects.toThrow(
    /checks are red: api \(gone: .*host not found/,
  );
  expect((await findIncident(pool, id))?.state).toBe('open');
  await resolveIncident(verbs, by(), id, 'Mended', { looks, needed, reason: 'The host is gone for good' });
  const last = (await timelineOf(pool, id)).findLast(({ kind }) => kind === 'incident.resolved');
  expect(last?.data).toMatchObject({ verdict: 'red', reason: 'The host is gone for good' });
  expect(JSON.stringify(last?.data)).toMatch(/host not found/);
});

test('what is green is verified, and said so in the timeline and to the notice', async () => {
  await world([check('up', `${url}/health`)]);
  const { id } = await declare('api');
  const { looks, needed } = await look(id);
  await resolveIncident(verbs, by(), id, 'Mended', { looks, needed, reason: null });
  const last = (await timelineOf(pool, id)).findLast(({ kind }) => kind === 'incident.resolved');
  expect(last?.data).toMatchObject({ verdict: 'verified', seen: { api: 'healthy' } });
});

test('without a check, a worker of the site or an answer it says that nothing was checked, and why', async () => {
  await world([check('up', `${url}/health`)], ['west']);
  const { id } = await declare('api');
  const away = await look(id, 100);
  expect(away.pending).toBe(true);
  await pool.query(`update effect set created_at = created_at - interval '10 seconds' where kind = 'health.look'`);
  const key = (await effectsOf(pool, `kind = 'health.look' and incident_id = ${id}`))[0]!.key;
  const late = await lookAtIncident({ pool, verbs }, id, key.split(':')[2]!, 100);
  expect(late).toMatchObject({ pending: false, looks: [{ service: 'api', health: 'unchecked' }] });
  expect(late.looks[0]?.unchecked).toMatch(/no worker of the site east took its checks within 1\ds/);

  const bare = await declare('database');
  expect((await look(bare.id)).looks.find(({ service }) => service === 'database')).toMatchObject({
    ...{ health: 'unchecked', unchecked: 'the estate gives it no check' },
  });
  const drill = await declare('api', 'drill');
  expect((await look(drill.id)).looks).toMatchObject([{ unchecked: 'a drill looks at nothing real' }]);
  expect((await look((await declare(null)).id)).looks).toEqual([]);
});
