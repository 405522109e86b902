import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { channelOpen, channelRetry } from '../../jobs/channel-open.ts';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import type { ClaimedEffect } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let slack: SlackStandIn;
let chat: ChatPort;
let estate: Estate;
let incident: number;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  slack = await startSlackStandIn();
  estate = await smallEstate();
});
afterAll(async () => {
  await pool.end();
  await slack.close();
  await database.drop();
});
beforeEach(async () => {
  slack.workspace.reset();
  chat = createSlackChat({ token: slack.botToken, apiUrl: slack.url, timeoutMs: 1000 });
  incident = await plainIncident(pool);
  await pool.query(`update incident set origin_channel = 'C01GENERAL' where id = $1`, [incident]);
});

function claimed<K extends 'channel.open' | 'channel.retry'>(kind: K): ClaimedEffect<K> {
  return {
    ...{ id: '1', key: `channel:${incident}`, kind, queue: 'chat' as const, incident_id: incident, fence: 1 },
    ...{ payload: { incident }, ordering_key: null, attempts: 1, unknown_since: null },
    ...{ cancel_requested: false, created_at: new Date() },
  } as ClaimedEffect<K>;
}
const context = { signal: AbortSignal.timeout(60_000) };

test('where the channel does not come in time it is said where the incident was declared, and tried on', async () => {
  slack.workspace.faults.add({ kind: 'rate_limited', retryAfter: 20, method: 'conversations.create' });
  const job = channelOpen(pool, () => estate, chat);
  const limited = await job.run(claimed('channel.open'), context);
  expect(limited).toMatchObject({ kind: 'retry', after_ms: 20_000 });
  const found = (await findIncident(pool, incident))!;
  const { events, effects } = job.after!(found, claimed('channel.open'), limited, new Date());
  expect(events).toMatchObject([{ kind: 'channel.failed' }]);
  expect(effects).toMatchObject([
    { kind: 'message.post', payload: { template: 'channel-failed', to: 'incident' } },
    { kind: 'channel.retry' },
  ]);
});

test('what is tried on takes the channel that an attempt before it made, and makes no second', async () => {
  slack.workspace.faults.add({ kind: 'apply_then_reset', method: 'conversations.create', times: 1 });
  const open = channelOpen(pool, () => estate, chat);
  expect(await open.run(claimed('channel.open'), context)).toMatchObject({ kind: 'unknown' });
  const later = await channelRetry(pool, () => estate, chat).run(claimed('channel.retry'), context);
  expect(later).toEqual({
    kind: 'done',
    value: { channel: slack.workspace.channel(`#dr-${incident}`).id, name: `dr-${incident}` },
  });
});
