import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { done, rejected, retry, unknown } from '../../src/domain/effect/outcome.ts';
import { Interrupted } from '../../src/runtime/errors.ts';
import { takeDue } from '../../src/outbox/sql/due.ts';
import { onBothBackends } from '../support/queue-suite.ts';
import { effect, effectsOf, intend, noting, untilDone } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

onBothBackends('the queue', (world) => {
  let pool: pg.Pool;
  let incident: number;
  beforeEach(() => void ({ pool, incident } = world.now()));
  const { start, empty, barrier: newGate } = world;

  test('does what was intended with a decision, once', async () => {
    const notes: string[] = [];
    await start({ jobs: [noting('message.post', notes)] });
    await intend(pool, incident, [effect('a'), effect('b')]);
    await intend(pool, incident, [effect('a')]);
    await untilDone(pool);
    expect(notes.sort()).toEqual(['a', 'b']);
    expect(await effectsOf(pool)).toMatchObject([
      { state: 'done', attempts: 1, fence: 1 },
      { state: 'done', attempts: 1, fence: 1 },
    ]);
  });

  test('finds what was intended before it started', async () => {
    await intend(pool, incident, [effect('early')]);
    const notes: string[] = [];
    await start({ jobs: [noting('message.post', notes)] });
    await untilDone(pool);
    expect(notes).toEqual(['early']);
  });

  test('does nothing before its due time, and late things in the order in which they were due', async () => {
    const notes: string[] = [];
    const clock = async () =>
      (await pool.query<{ now: Date }>('select clock_timestamp() as now')).rows[0]!.now.getTime();
    const now = await clock();
    const at = (ms: number) => ({ due_at: new Date(now + ms), ordering_key: 'one' });
    await intend(pool, incident, [effect('second', at(-1000)), effect('first', { due_at: new Date(now - 5000) })]);
    await intend(pool, incident, [effect('later', { due_at: new Date(now + 700) })]);
    await start({ jobs: [noting('message.post', notes)], queues: { steps: 1 } });
    await untilDone(pool);
    expect(notes).toEqual(['first', 'second', 'later']);
    const [later] = await effectsOf(pool, `key = 'later'`);
    const late = later!.started_at!.getTime() - later!.due_at.getTime();
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1000);
  });

  test('keeps the order of a lane through retries, with its pace, while other lanes go on', async () => {
    const notes: string[] = [];
    let tries = 0;
    const job = noting(
      'message.post',
      notes,
      (each) => (each.key === 'l1' && (tries += 1) < 3 ? retry('slow down', 150) : done(null)),
      { pace_ms: 300 },
    );
    await start({ jobs: [job] });
    const lane = { ordering_key: 'lane' };
    await intend(pool, incident, [effect('l1', lane), effect('l2', lane), effect('l3', lane), effect('other')]);
    await untilDone(pool);
    expect(notes.filter((key) => key !== 'other')).toEqual(['l1', 'l1', 'l1', 'l2', 'l3']);
    expect(notes.indexOf('other')).toBeLessThan(notes.indexOf('l2'));
    const [l1, l2, l3] = await effectsOf(pool, `ordering_key = 'lane'`);
    for (const [before, after] of [
      [l1!, l2!],
      [l2!, l3!],
    ] as const) {
      expect(after.started_at!.getTime() - before.finished_at!.getTime()).toBeGreaterThanOrEqual(295);
    }
  });

  test.each([
    ['chat', 4],
    ['steps', 8],
  ] as const)('pages overtake the queue %s when it is full and slow', async (queue, slots) => {
    const notes: string[] = [];
    const release = newGate();
    const slow = noting('message.post', notes, async () => {
      await release.opened;
      return done(null);
    });
    await start({ jobs: [slow, noting('pager.send', notes)] });
    await intend(
      pool,
      incident,
      Array.from({ length: 60 }, (_, index) => effect(`slow${index}`, { queue })),
    );
    await waitFor('the queue to be full', async () => notes.length >= slots);
    await intend(pool, incident, [effect('page', { kind: 'pager.send', queue: 'pages' })]);
    await waitFor('the page', () => notes.includes('page'), { timeoutMs: 2000 });
    expect(notes.filter((key) => key.startsWith('slow')).length).toBe(slots);
    release.open();
    await untilDone(pool);
  });

  test('what the queue lost before a start is done within five seconds', async () => {
    const notes: string[] = [];
    const lost = Array.from({ length: 20 }, (_, index) => effect(`lost${index}`));
    await intend(pool, incident, lost);
    expect((await takeDue(pool, 'steps', 100)).taken).toHaveLength(20);
    const since = performance.now();
    await start({ jobs: [noting('message.post', notes)] });
    await untilDone(pool);
    expect(performance.now() - since).toBeLessThan(5000);
    expect(notes.length).toBe(20);
  });

  test('what was lost while the process runs is done within five seconds', async () => {
    const notes: string[] = [];
    const barrier = newGate();
    const blocked = noting('message.post', notes, async (each) => {
      if (each.key === 'holder') await barrier.opened;
      return done(null);
    });
    await start({ jobs: [blocked], queues: { steps: 1 } });
    await intend(pool, incident, [effect('holder')]);
    await waitFor('the worker to be busy', () => notes.length === 1);
    await intend(pool, incident, [effect('behind')]);
    await waitFor(
      'it to wait in the queue',
      async () => (await effectsOf(pool, `key = 'behind'`))[0]?.state === 'queued',
    );
    await empty();
    const lost = performance.now();
    barrier.open();
    await untilDone(pool);
    expect(performance.now() - lost).toBeLessThan(5000);
    expect(notes).toEqual(['holder', 'behind']);
  });

  test('a hand-over that comes twice, or too late, does nothing', async () => {
    const notes: string[] = [];
    const boat = await start({ jobs: [noting('message.post', notes)] });
    await intend(pool, incident, [effect('once')]);
    await untilDone(pool);
    const [row] = await effectsOf(pool);
    await boat.transport.send('steps', [
      { id: row!.id, handovers: 101 },
      { id: row!.id, handovers: 102 },
      { id: '999999', handovers: 1 },
    ]);
    await intend(pool, incident, [effect('after')]);
    await untilDone(pool);
    expect(notes).toEqual(['once', 'after']);
  });

  test('a job that throws leaves its outcome unknown and is tried again with that knowledge', async () => {
    const seen: (Date | null)[] = [];
    const job = noting('message.post', [], (each) => {
      seen.push(each.unknown_since);
      if (seen.length === 1) throw new Error('broke in the middle');
      return done(null);
    });
    await start({ jobs: [job] });
    await intend(pool, incident, [effect('doubtful')]);
    await untilDone(pool);
    expect(seen).toEqual([null, expect.any(Date)]);
    const [row] = await effectsOf(pool);
    expect(row).toMatchObject({ state: 'done', attempts: 2 });
  });

  test('what is refused for good is kept with the reason and does not stop its lane', async () => {
    const job = noting('message.post', [], (each) => (each.key === 'bad' ? rejected('no such channel') : done(null)));
    await start({ jobs: [job] });
    const lane = { ordering_key: 'lane' };
    await intend(pool, incident, [effect('bad', lane), effect('good', lane)]);
    await untilDone(pool);
    expect(await effectsOf(pool)).toMatchObject([{ state: 'failed', error: 'no such channel' }, { state: 'done' }]);
  });

  test('stops after what is under way, and leaves the rest for the next start', async () => {
    const notes: string[] = [];
    const barrier = newGate();
    const job = noting('message.post', notes, async () => {
      await barrier.opened;
      return done(null);
    });
    const boat = await start({ jobs: [job], queues: { steps: 1 } });
    await intend(pool, incident, [effect('one'), effect('two'), effect('three')]);
    await waitFor('the first to run', () => notes.length === 1);
    const stopped = boat.stop(10_000);
    barrier.open();
    await stopped;
    expect(boat.worker.active).toBe(0);
    const states = (await effectsOf(pool)).map((row) => row.state);
    expect(states.filter((state) => state === 'done').length).toBe(notes.length);
    expect(states).not.toContain('running');
    expect(boat.errors).toEqual([]);
    await start({ jobs: [job] });
    await untilDone(pool);
    expect(notes.sort()).toEqual(['one', 'three', 'two']);
  });

  test('calls back what does not end within the grace', async () => {
    const reasons: unknown[] = [];
    const job = noting(
      'message.post',
      [],
      (_each, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            resolve(unknown('called back'));
          });
        }),
    );
    const boat = await start({ jobs: [job] });
    await intend(pool, incident, [effect('endless')]);
    await waitFor('it to run', () => boat.worker.active === 1);
    await boat.stop(50);
    expect(reasons).toEqual([new Interrupted('Lifeboat is stopping')]);
    expect(await effectsOf(pool)).toMatchObject([{ state: 'pending', unknown_since: expect.any(Date) }]);
  });

  test('starts and stops twice in one process and leaves no connection', async () => {
    for (const key of ['first', 'second']) {
      const boat = await start({ jobs: [noting('message.post', [])] });
      await intend(pool, incident, [effect(key)]);
      await untilDone(pool);
      await boat.stop();
      expect(boat.errors).toEqual([]);
    }
    await waitFor('the connections to close', async () => {
      const mine = `select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
      return (await pool.query<{ n: number }>(mine)).rows[0]!.n <= pool.totalCount - 1;
    });
  });
});
