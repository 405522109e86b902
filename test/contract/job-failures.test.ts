import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJobs, type JobDeps } from '../../jobs/index.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { done } from '../../src/domain/effect/outcome.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createRedactor } from '../../src/runtime/redact.ts';
import { loadTemplates } from '../../templates/engine.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { Boat } from '../support/queue-world.ts';
import { effect, effectsOf, intend, launch, plainIncident } from '../support/queue-world.ts';
import { smallEstate, testPool, untilDone } from '../support/queue-world.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const BROKEN = 'an error in Lifeboat: it has no such thing';

let database: TestDatabase;
let proxy: TcpProxy;
/** What the jobs read by, which the network can take from them. */
let reads: pg.Pool;
let pool: pg.Pool;
let boat: Boat | undefined;
let asked: string[];
let logged: { level: string; msg: string; effect?: string }[];

beforeEach(async () => {
  database = await createTestDatabase();
  const { hostname: host, port } = new URL(database.url);
  proxy = await startTcpProxy({ host, port: Number(port) });
  reads = testPool(proxy.through(database.url), 2);
  pool = testPool(database.url);
  [asked, logged, boat] = [[], [], undefined];
});
afterEach(async () => {
  await boat?.stop();
  await Promise.all([reads.end(), pool.end()]);
  await proxy.stop();
  await database.drop();
});

/** All the jobs beside a chat and a pager that note what they are asked and are content with it. */
async function start(estate: () => Estate): Promise<void> {
  const note = (what: string): void => void asked.push(what);
  const fine = (what: string) => () => Promise.resolve((note(what), done(undefined)));
  const deps: JobDeps = {
    ...{ pool: reads, verbs: { pool, estate }, urgent: { pool: reads, estate }, estate, actions: {} },
    endOlder: () => Promise.resolve({ ended: 0, alive: [], elsewhere: [], frozen: [], blind: false }),
    secret: () => '',
    templates: await loadTemplates(),
    redactor: createRedactor(),
    chat: {
      health: () => Promise.resolve({ answers: true, problem: null }),
      openChannel: ({ name }) => Promise.resolve(done({ channel: 'C1', name })),
      invite: () => Promise.resolve((note('invite'), done({ skipped: [] }))),
      post: (channel, { text }) => Promise.resolve((note(`post ${text}`), done({ channel, ts: '1.1' }))),
      find: () => Promise.resolve((note('find'), done(null))),
      ...{
        setTopic: fine('topic'),
        update: fine('update'),
        attach: fine('attach'),
        pin: fine('pin'),
        archive: fine('archive'),
        unarchive: fine('unarchive'),
      },
      records: () => Promise.resolve(done([])),
    },
    pager: {
      ...{ send: fine('page'), note: fine('note'), notes: true, onCall: () => Promise.resolve(done([])) },
      ...{ tells: false, arrived: () => Promise.resolve(done(true)) },
      ...{ assigns: false, assign: fine('assign'), ownKey: () => false },
    },
  };
  const log = createLog({
    level: 'info',
    destination: { write: (line) => void logged.push(JSON.parse(line) as (typeof logged)[number]) },
  });
  boat = await launch({ url: database.url, jobs: createJobs(deps), log });
}

const words = { template: 'page', to: 'U01ANA', params: { role: 'on-call', say: 'Come here', dedup_key: 'key' } };

test('what cannot be read or worded is refused with the reason, keeps nothing waiting and stands in the log', async () => {
  const incident = await plainIncident(pool);
  await pool.query(
    `insert into page (dedup_key, incident_id, ladder, level, role, people, created_at)
     values ('key', $1, 1, 0, 'on-call', '{}', now())`,
    [incident],
  );
  await pool.query(`update incident set channel = 'C1' where id = $1`, [incident]);
  const over = await plainIncident(pool, 'It is over');
  await pool.query(`update incident set channel = 'C2', state = 'closed' where id = $1`, [over]);
  const lane = { ordering_key: 'lane' };
  await intend(pool, incident, [
    effect('message', { ...lane, payload: { incident, ...words } }),
    effect('card', { ...lane, kind: 'card.render', payload: { incident } }),
    effect('topic', { ...lane, kind: 'channel.topic', payload: { incident } }),
    effect('people', { ...lane, kind: 'channel.invite', payload: { incident, people: ['ana'] } }),
    effect('page', { ...lane, kind: 'pager.send', payload: { incident, dedup_key: 'key', action: 'acknowledge' } }),
    effect('good', { ...lane, kind: 'channel.archive', payload: { incident: over } }),
  ]);
  await start(() => {
    throw new TypeError('it has no such thing');
  });
  await untilDone(pool);
  const rows = await effectsOf(pool);
  expect(rows.filter(({ attempts }) => attempts !== 1)).toEqual([]);
  const failed = rows.filter(({ state, error }) => state === 'failed' && error === BROKEN).map(({ key }) => key);
  // The last is the card on which the refused message would be named.
  expect(failed).toEqual(['message', 'card', 'topic', 'people', 'page', expect.stringContaining(`card:${incident}`)]);
  expect(rows.find(({ key }) => key === 'good')).toMatchObject({ state: 'done' });
  expect(asked).toEqual(['archive']);
  expect(
    logged
      .filter(({ level }) => level === 'error')
      .map((line) => line.effect)
      .sort(),
  ).toEqual(failed.sort());
});

test('a template that does not exist is the reason in its own words', async () => {
  const estate = await smallEstate();
  const incident = await plainIncident(pool);
  await intend(pool, incident, [effect('message', { payload: { incident, ...words, template: 'nowhere' } })]);
  await start(() => estate);
  await untilDone(pool);
  expect((await effectsOf(pool))[0]).toMatchObject({ state: 'failed', error: 'there is no template `nowhere`' });
});

test('while the database is away a message waits, and is sent once when it is back, with nobody in doubt', async () => {
  const estate = await smallEstate();
  const incident = await plainIncident(pool);
  proxy.cut();
  await intend(pool, incident, [effect('page', { payload: { incident, ...words } })]);
  await start(() => estate);
  await waitFor('a second try', async () => ((await effectsOf(pool))[0]?.attempts ?? 0) > 1);
  expect(asked).toEqual([]);
  proxy.restore();
  await untilDone(pool);
  expect(await effectsOf(pool)).toMatchObject([{ state: 'done' }]);
  expect(asked).toEqual([expect.stringMatching(/^post .*You are paged/)]);
});
