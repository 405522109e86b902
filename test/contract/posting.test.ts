import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cardPost } from '../../jobs/card-post.ts';
import { channelOpen } from '../../jobs/channel-open.ts';
import { postOnce } from '../../jobs/post-once.ts';
import type { ClaimedEffect } from '../../src/domain/effect/effect.ts';
import { done, rejected, type Outcome } from '../../src/domain/effect/outcome.ts';
import type { ChatPort, NewChannel } from '../../src/ports/chat.ts';
import { transact } from '../../src/postgres/db.ts';
import { findIncident, lockIncident } from '../../src/store/incident/incidents.ts';
import { persist } from '../../src/store/persist.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

type Chat = Pick<ChatPort, 'post' | 'find'>;

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** A chat that notes what it is asked, and whose history answers as told. */
function chatWith(history: Outcome<{ channel: string; ts: string } | null>) {
  const asked: string[] = [];
  const chat: Chat = {
    find: () => Promise.resolve((asked.push('find'), history)),
    post: (channel) => Promise.resolve((asked.push('post'), done({ channel, ts: '1.1' }))),
  };
  return { asked, chat };
}
const refused = rejected('missing_scope: the app lacks a permission');

const fresh = (incident: number, key: string) => ({
  ...{ id: '1', key, queue: 'chat' as const, incident_id: incident, payload: { incident } },
  ...{ ordering_key: `incident:${incident}`, fence: 1, attempts: 1, unknown_since: null },
  ...{ left_by: [], cancel_requested: false, mode: 'live' as const, created_at: new Date() },
});
const cardEffect = (incident: number, more: { attempts?: number } = {}): ClaimedEffect<'card.post'> => ({
  ...fresh(incident, `card:${incident}:first`),
  kind: 'card.post',
  ...more,
});

test('a message whose arrival Slack refuses to tell is over, so that it keeps nothing behind it waiting', async () => {
  const { asked, chat } = chatWith(refused);
  const said = await postOnce(chat, { key: 'k', unknown_since: new Date() }, 'C1', { text: 'hello' });
  expect(said).toEqual({
    kind: 'rejected',
    reason: expect.stringMatching(/^whether the message arrived .*missing_scope/),
  });
  expect(asked).toEqual(['find']);
});

test('the first try of the first card asks for no history, since nobody can have posted it', async () => {
  const incident = await plainIncident(pool);
  const estate = await smallEstate();
  const { asked, chat } = chatWith(refused);
  const shown = await cardPost({ pool, estate: () => estate, schedules: () => Promise.resolve({}) }, chat).run(
    cardEffect(incident),
    {
      signal: AbortSignal.timeout(5000),
    },
  );
  expect(shown).toEqual(done({ ts: '1.1', seen: 0 }));
  expect(asked).toEqual(['post']);
});

test('a card that was posted by an attempt that nobody heard of is found again', async () => {
  const incident = await plainIncident(pool);
  const estate = await smallEstate();
  const { asked, chat } = chatWith(done({ channel: 'C1', ts: '1.1' }));
  const job = cardPost({ pool, estate: () => estate, schedules: () => Promise.resolve({}) }, chat);
  const context = { signal: AbortSignal.timeout(5000) };
  expect(await job.run(cardEffect(incident, { attempts: 2 }), context)).toEqual(done({ ts: '1.1', seen: 0 }));
  expect(asked).toEqual(['find']);
});

test('a channel that had to take another name is the incident’s, and is called by that name from then on', async () => {
  const id = await plainIncident(pool);
  const asked: NewChannel[] = [];
  const estate = await smallEstate();
  const job = channelOpen(pool, () => estate, {
    openChannel: (wanted) => Promise.resolve((asked.push(wanted), done({ channel: 'C9', name: `${wanted.name}-2` }))),
  });
  const effect = { ...fresh(id, `channel:${id}`), kind: 'channel.open' as const };
  const outcome = await job.run(effect, { signal: AbortSignal.timeout(5000) });
  await transact(pool, async (tx) => {
    const { incident, now } = (await lockIncident(tx, id))!;
    const owner = `lifeboat/${estate.name}/${incident.declared_at.getTime().toString(36)}/INC-${id}`;
    expect(asked).toEqual([{ name: `dr-${id}`, owner, since: incident.declared_at, again: false }]);
    await persist(tx, incident, job.after!(incident, effect, outcome, now), now);
  });
  expect(await findIncident(pool, id)).toMatchObject({ channel: 'C9', name: `dr-${id}-2` });
  const [opened] = (await pool.query(`select data from event where incident_id = $1 and kind = 'channel.opened'`, [id]))
    .rows;
  expect(opened).toEqual({ data: { channel: 'C9', name: `dr-${id}-2` } });
});
