import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf, startProgram, wordsIn } from '../support/program-world.ts';
import { redisAvailable, startRedis, type TestRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

const WAYS = [
  { receive: 'http', queue: 'PostgreSQL' },
  { receive: 'socket', queue: 'PostgreSQL' },
  { receive: 'http', queue: 'Redis' },
  { receive: 'socket', queue: 'Redis' },
] as const;

const hasRedis = redisAvailable();
let redis: TestRedis | undefined;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.stop());

describe.concurrent('the main job', () => {
  for (const { receive, queue } of WAYS) {
    test.skipIf(queue === 'Redis' && !hasRedis)(
      `goes from declaration to close over ${receive} with the queue on ${queue}`,
      { timeout: 60_000 },
      () => mainJob(receive, queue === 'Redis' ? `${redis?.url}/${receive === 'http' ? 0 : 1}` : undefined),
    );
  }
});

async function mainJob(receive: 'http' | 'socket', redisUrl: string | undefined): Promise<void> {
  const program = await startProgram({ receive, ...(redisUrl && { redisUrl }) });
  const { world, dr } = program;
  const { workspace, pager } = world;
  try {
    if (receive === 'socket') await waitFor('two sockets', () => workspace.sockets.size === 2);
    const { room, channel } = await program.declare('P0 Primary site lost power service:api');
    expect(room.name).toBe('dr-1-primary-site-lost-power');
    const page = await pager.waitFor(({ dedup_key }) => dedup_key.endsWith('/INC-1/1.0/on-call'));
    expect(page.summary).toContain('Primary site lost power');
    await waitFor('the card to be pinned', () => room.pins.length > 0);
    expect(room.pins.map(keyOf)).toEqual(['card:1:first']);
    await waitFor('everybody to be in', () => room.members.length >= 4);
    expect(room.members).toEqual(expect.arrayContaining(['U01ANA', 'U01BEN', 'U01CLEO']));

    expect((await workspace.user('ana').press(firstPin(), 'Acknowledge')).status).toBe(200);
    await pager.waitFor(({ dedup_key, status }) => dedup_key === page.dedup_key && status === 'acknowledged');

    if (receive === 'socket') {
      // One of the two is refreshed while people go on typing: no command may meet a closed door.
      workspace.sockets.disconnect('refresh_requested', 1);
      for (const word of ['one', 'two', 'three']) {
        expect((await dr('ben', `note ${word}`, channel)).text).toBe('Noted in the timeline of INC-1.');
      }
      await waitFor('two sockets again', () => workspace.sockets.size === 2);
    }
    expect((await dr('ana', 'update Power is back in one hall', channel)).text).toMatch(/^Update for INC-1/);
    expect((await dr('ana', 'recover api', channel)).text).toMatch(/^Looking at api/);
    const request = await workspace.waitFor({ key: 'approval:1/api/consent/1:post' }, { timeout: 15_000 });
    await workspace.user('cleo').press(request, 'Approve');
    await workspace.waitFor(() => wordsIn(room).some((each) => /Run 1 .*ended, not verified/.test(each)), {
      timeout: 15_000,
    });
    const steps = await program.rows('select step_id, state, attempt from step order by ord');
    expect(steps.map((each) => each['state'])).toEqual(Array<string>(8).fill('succeeded'));

    expect((await dr('cleo', 'resolve Power restored by the supplier', channel)).text).toMatch(/^INC-1 is resolved/);
    await pager.waitFor(({ status }) => status === 'resolved');
    await waitFor('the note in PagerDuty', () =>
      pager.alert(page.dedup_key)?.notes.some(({ content }) => content.includes('Power restored by the supplier')),
    );
    await workspace.waitFor({ channel: '#leadership', text: 'Power restored by the supplier' }, { timeout: 15_000 });
    expect((await dr('cleo', 'close', channel)).text).toMatch(/^INC-1 is closed/);
    await workspace.waitFor(() => room.archived, { timeout: 15_000 });
    await program.idle();

    expect(program.doubles()).toEqual([]);
    expect(pager.notifications(page.dedup_key)).toBe(1);
    expect(room.pins.map(({ text }) => text)[0]).toMatch(/closed/i);
    const effects = await program.rows(`select key, state, error from effect where state not in ('done', 'cancelled')
      and queue not in ('timers', 'escalation')`);
    expect(effects).toEqual([]);
    const keys = program.rows<{ times: number }>(
      `select count(*)::integer as times from event where kind = 'note.added'`,
    );
    expect((await keys)[0]?.times).toBe(receive === 'socket' ? 3 : 0);
    expect(program.logs().filter(({ level }) => level === 'error')).toEqual([]);

    program.process().signal('SIGTERM');
    expect(await program.process().exit()).toEqual({ code: 0, signal: null });

    function firstPin() {
      const [pin] = room.pins;
      if (!pin) throw new Error('nothing is pinned');
      return pin;
    }
  } finally {
    await program.stop();
  }
}
