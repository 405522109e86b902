import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { deleteOldOffers } from '../../src/store/incident/offers.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import type { DeclareInput } from '../../src/verbs/incident/declare-incident.ts';
import { declareAllTheSame, declareUnlessSimilar } from '../../src/verbs/incident/declare-unless-similar.ts';
import { joinIncident } from '../../src/verbs/incident/join-incident.ts';
import { resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effectsOf, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;

const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });
const declare = (title: string, more: Partial<DeclareInput> = {}, request = by()) =>
  declareUnlessSimilar(verbs, request, { title, severity: 'P3', service: null, channel: 'C1', ...more });
const count = async () => Number((await pool.query('select count(*) from incident where id <> 0')).rows[0].count);

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 25);
  estate = await smallEstate();
  verbs = { pool, estate: () => estate };
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('two people and eight monitors at one moment declare one incident', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, (_, n) => declare('Lights are out', {}, by(`slack:U${n}`))));
  const [first, ...more] = all.filter(({ kind }) => kind === 'declared');
  expect(more).toEqual([]);
  expect(all.filter(({ incident }) => incident.id === first!.incident.id)).toHaveLength(10);
  expect(await count()).toBe(1);
});

test('the same words in other dress, or the same service, are the same; another service and old ones are not', async () => {
  const before = await count();
  expect(await declare('CRITICAL!! lights, are out')).toMatchObject({ kind: 'similar' });
  expect(await declare('Orders fail', { service: 'api' })).toMatchObject({ kind: 'declared' });
  expect(await declare('Something is odd', { service: 'api', severity: 'P0' })).toMatchObject({ kind: 'similar' });
  expect(await declare('Something is odd', { service: 'database' })).toMatchObject({ kind: 'declared' });
  expect(await declare('Lights are out', { mode: 'drill' })).toMatchObject({ kind: 'declared' });
  expect(await count()).toBe(before + 3);
  await pool.query(`update incident set declared_at = declared_at - interval '11 minutes'`);
  expect(await declare('Lights are out')).toMatchObject({ kind: 'declared' });
});

test('what is over is not joined', async () => {
  const first = await declare('The lamp is red');
  await resolveIncident(verbs, by(), first.incident.id, 'bulb');
  expect(await declare('The lamp is red')).toMatchObject({ kind: 'declared' });
});

test('what was held back is declared with its own words, once, however often it is pressed or redelivered', async () => {
  await declare('The pump stands still');
  const request = by('slack:U01BEN');
  const description = 'long '.repeat(900).trim();
  const held = await declare('The pump stands still!', { severity: 'P1', description }, request);
  if (held.kind !== 'similar') throw new Error('it was declared');
  expect(await declare('The pump stands still!', { severity: 'P1' }, request)).toMatchObject({
    kind: 'similar',
    offer: held.offer,
  });
  const presses = await Promise.allSettled([1, 2, 3].map(() => declareAllTheSame(verbs, 'slack:U01BEN', held.offer)));
  const done = presses.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(done).toMatchObject([{ title: 'The pump stands still!', severity: 'P1', declared_by: 'slack:U01BEN' }]);
  const posts = await effectsOf(
    pool,
    `incident_id = ${done[0]!.id} and payload->>'template' in ('description', 'continued')`,
  );
  expect(posts.length).toBeGreaterThan(1);
});

test('the words that were held back are kept for a day', async () => {
  await declare('The door is open');
  const held = await declare('The door is open');
  if (held.kind !== 'similar') throw new Error('it was declared');
  expect(await deleteOldOffers(pool, 100)).toBe(0);
  await pool.query(`update declaration_offer set at = at - interval '25 hours'`);
  expect(await deleteOldOffers(pool, 100)).toBeGreaterThan(0);
  await expect(declareAllTheSame(verbs, 'slack:U01ANA', held.offer)).rejects.toMatchObject({ code: 'not_found' });
});

test('whoever joins is invited, and the record says that they came', async () => {
  const { incident } = await declare('The roof leaks');
  await joinIncident(verbs, by('slack:U0STRANGER'), incident.id);
  const invited = await effectsOf(pool, `incident_id = ${incident.id} and kind = 'channel.invite'`);
  expect(invited.map(({ payload }) => payload['people'])).toContainEqual(['slack:U0STRANGER']);
});
