import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  claimAll,
  effect,
  effectsOf,
  intend,
  launch,
  noting,
  plainIncident,
  testPool,
  untilDone,
  type Boat,
} from '../support/queue-world.ts';

const CHANNELS = 10;
const EACH = 20;

let database: TestDatabase;
let pool: pg.Pool;
let incident: number;
const boats: Boat[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  incident = await plainIncident(pool);
});
afterEach(async () => {
  for (const boat of boats.splice(0)) await boat.stop();
  await pool.end();
  await database.drop();
});

test('three processes claim the messages of many channels: each once, and in the order of its channel', async () => {
  const notes: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    boats.push(await launch({ url: database.url, jobs: [noting('message.post', notes)] }));
  }
  const messages = Array.from({ length: CHANNELS * EACH }, (_, n) =>
    effect(`c${n % CHANNELS}/${String(Math.floor(n / CHANNELS)).padStart(2, '0')}`, {
      queue: 'chat',
      ordering_key: `channel:${n % CHANNELS}`,
    }),
  );
  await intend(pool, incident, messages);
  await untilDone(pool);
  expect(notes).toHaveLength(CHANNELS * EACH);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const inOrder = notes.filter((key) => key.startsWith(`c${channel}/`));
    expect(inOrder).toEqual([...new Set(inOrder)].sort());
  }
  const attempts = new Set((await effectsOf(pool)).map((each) => each.attempts));
  expect([...attempts]).toEqual([1]);
});

test('a message that an older version handed to BullMQ is claimed, once', async () => {
  const notes: string[] = [];
  await intend(pool, incident, [effect('handed over', { queue: 'chat' })]);
  await pool.query(`update effect set state = 'queued', queued_at = now(), handovers = 1`);
  boats.push(await launch({ url: database.url, jobs: [noting('message.post', notes)] }));
  await untilDone(pool, 'the message to be done', 3000);
  expect(notes).toEqual(['handed over']);
});

test('a paced message that somebody has locked keeps no other from being claimed', async () => {
  const lanes = ['locked', 'free'].map((key) => effect(key, { queue: 'chat', ordering_key: key }));
  await intend(pool, incident, lanes);
  await pool.query(`insert into lane (key, paced_until) values ('locked', now() + interval '1 minute')`);
  const other = await pool.connect();
  try {
    await other.query('begin');
    await other.query(`select id from effect where key = 'locked' for update`);
    const claimed = await claimAll(pool);
    expect(claimed.map(({ key }) => key)).toEqual(['free']);
  } finally {
    await other.query('rollback');
    other.release();
  }
  expect(await claimAll(pool)).toEqual([]);
  const [paced] = await effectsOf(pool, `key = 'locked'`);
  expect(paced!.due_at.getTime()).toBeGreaterThan(Date.now() + 30_000);
});
