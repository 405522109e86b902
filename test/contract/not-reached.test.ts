import type pg from 'pg';
import { startSlackStandIn, type SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelInvite } from '../../jobs/channel-invite.ts';
import { createSlackChat } from '../../src/adapters/slack/chat.ts';
import type { ClaimedEffect } from '../../src/domain/effect/effect.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { messageRefused, updateRefused } from '../../src/domain/incident/deliveries.ts';
import { transact } from '../../src/postgres/db.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { persist } from '../../src/store/persist.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effectsOf, plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let slack: SlackStandIn;
let estate: Estate;
let id: number;
beforeAll(async () => {
  [database, slack] = await Promise.all([createTestDatabase(), startSlackStandIn()]);
  pool = testPool(database.url);
  estate = structuredClone(await smallEstate());
  estate.people['ben']!.slack = 'U0NOBODY';
  id = await plainIncident(pool);
});
afterAll(async () => {
  await pool.end();
  await slack.close();
  await database.drop();
});

const said = async () =>
  (await effectsOf(pool, `incident_id = ${id} and payload->>'template' = 'not-reached'`)).map(
    ({ payload }) => payload['params'],
  );

test('somebody who cannot be invited is named once, and the others of the invitation are invited', async () => {
  const chat = createSlackChat({ token: slack.botToken, apiUrl: slack.url });
  const opened = await chat.openChannel({ name: 'dr-1-dark', owner: 'x', since: new Date(), again: false });
  const channel = opened.kind === 'done' ? opened.value.channel : '';
  await pool.query('update incident set channel = $2 where id = $1', [id, channel]);
  const job = channelInvite(pool, () => estate, chat);
  const effect = {
    ...{ id: '1', key: 'invite', kind: 'channel.invite', queue: 'chat', incident_id: id, mode: 'live' },
    ...{ payload: { incident: id, people: ['ana', 'ben', 'cleo'] }, ordering_key: null, fence: 1, attempts: 1 },
    ...{ unknown_since: null, left_by: [], cancel_requested: false, created_at: new Date() },
  } as ClaimedEffect<'channel.invite'>;
  const events: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const outcome = await job.run(effect, { signal: AbortSignal.timeout(30_000) });
    const incident = (await findIncident(pool, id))!;
    const decision = job.after!(incident, effect, outcome, new Date());
    events.push(...decision.events.map(({ kind }) => kind));
    await transact(pool, (tx) => persist(tx, incident, decision, new Date()));
  }
  expect(slack.workspace.channel(channel).members).toEqual(expect.arrayContaining(['U01ANA', 'U01CLEO']));
  expect(await said()).toEqual([{ unreachable: 'U0NOBODY', why: 'unknown' }]);
  expect(events).toEqual(['reach.failed']);
});

test('a channel of an audience that is not there is said once, however many messages it does not take', async () => {
  const incident = (await findIncident(pool, id))!;
  const reason = 'is_archived: the channel is archived: unarchive it';
  const refused = (effect: string) =>
    messageRefused(incident, { effect, template: 'incident-notification', to: '#leadership', reason });
  for (const decision of [refused('a'), updateRefused(incident, '#leadership', reason), refused('b')])
    await transact(pool, (tx) => persist(tx, incident, decision, new Date()));
  expect(await said()).toHaveLength(2);
  expect(await said()).toContainEqual({ unreachable: '#leadership', why: 'archived' });
  // What is wrong with a message says nothing of its reader, and the incident's own channel cannot say that it is gone.
  expect(updateRefused(incident, '#leadership', 'msg_too_long: the text is too long').effects).toEqual([]);
  expect(updateRefused(incident, 'incident', reason).effects).toEqual([]);
});
