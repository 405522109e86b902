import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { channelOpen } from '../../jobs/channel-open.ts';
import { createTroubleClock } from '../../jobs/trouble-clock.ts';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import type { ClaimedEffect } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Job } from '../../src/ports/job.ts';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let slack: SlackStandIn;
let estate: Estate;
let incident: number;
let clock: number;
let job: Job;
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
  clock = 0;
  const chat = createSlackChat({ token: slack.botToken, apiUrl: slack.url, timeoutMs: 1000 });
  job = channelOpen(
    pool,
    () => estate,
    chat,
    createTroubleClock(() => clock),
  );
  incident = await plainIncident(pool);
  await declaredIn('C01GENERAL');
});

const declaredIn = (channel: string | null) =>
  pool.query('update incident set origin_channel = $2 where id = $1', [incident, channel]);
const open = (unknown_since: Date | null = null) => {
  const effect: ClaimedEffect = {
    ...{ id: '1', key: `channel:${incident}`, kind: 'channel.open', queue: 'chat', incident_id: incident },
    ...{ payload: { incident }, ordering_key: `incident:${incident}`, fence: 1, attempts: 9, unknown_since },
    ...{ cancel_requested: false, created_at: new Date(0) },
  };
  return job.run(effect, { signal: AbortSignal.timeout(60_000) });
};
const limit = (retryAfter: number): void =>
  void slack.workspace.faults.add({ kind: 'rate_limited', retryAfter, method: 'conversations.create' });

test('where only the channel does not come, the incident goes on where it was declared within a minute, and that is said', async () => {
  limit(20);
  expect(await open()).toMatchObject({ kind: 'retry', after_ms: 20_000 });
  clock = 20_000;
  expect(await open()).toMatchObject({ kind: 'retry' });
  clock = 40_000;
  const given = await open();
  expect(given).toEqual({ kind: 'rejected', reason: expect.stringMatching(/^not open after a minute: .*429/) });
  const found = (await findIncident(pool, incident))!;
  const effect = { payload: { incident } } as unknown as ClaimedEffect;
  const { events, effects } = job.after!(found, effect, given, new Date());
  expect(events).toMatchObject([{ kind: 'channel.failed' }]);
  expect(effects).toMatchObject([{ kind: 'message.post', payload: { template: 'channel-failed', to: 'incident' } }]);
});

test('while Slack as a whole is away the channel waits with everything else, and its minute begins when Slack is back', async () => {
  const away = slack.workspace.faults.add({ kind: 'error', error: 'invalid_auth' });
  for (clock = 0; clock < 3_600_000; clock += 600_000) expect(await open()).toMatchObject({ kind: 'retry' });
  away.remove();
  limit(5);
  expect(await open()).toMatchObject({ kind: 'retry' });
  slack.workspace.faults.clear();
  expect(await open()).toMatchObject({ kind: 'done' });
});

test('a scope that is missing for channels alone keeps nobody waiting', async () => {
  slack.workspace.faults.add({ kind: 'error', error: 'missing_scope', method: 'conversations.create' });
  expect(await open()).toMatchObject({ kind: 'retry' });
  clock = 61_000;
  expect(await open()).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('missing_scope') });
});

test('an incident that was declared nowhere in Slack has only its channel, and waits for it', async () => {
  await declaredIn(null);
  limit(30);
  for (clock = 0; clock < 600_000; clock += 60_000) expect(await open()).toMatchObject({ kind: 'retry' });
});
