import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClaimedRow } from '../../src/domain/effect/effect.ts';
import { done, retry } from '../../src/domain/effect/outcome.ts';
import { transact } from '../../src/postgres/db.ts';
import { takeDue } from '../../src/outbox/sql/due.ts';
import { claim } from '../../src/outbox/sql/effects.ts';
import { lockIncident } from '../../src/store/incident/incidents.ts';
import { persist } from '../../src/store/persist.ts';
import { recordOutcome } from '../../src/verbs/effect/record-outcome.ts';
import { onBothBackends } from '../support/queue-suite.ts';
import { claimAll, effect, effectsOf, intend, noting, smallEstate, untilDone } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

onBothBackends('holding effects', (world) => {
  let pool: pg.Pool;
  let incident: number;
  beforeEach(() => void ({ pool, incident } = world.now()));
  const { start, barrier: newGate } = world;

  describe('coalesced effects', () => {
    const card = () => effect('card', { kind: 'card.render', ordering_key: 'lane', coalesce_key: `card:${incident}` });

    test('several that wait are one, and one that is asked for while one runs comes after it', async () => {
      const notes: string[] = [];
      const barrier = newGate();
      const job = noting('card.render', notes, async () => {
        if (notes.length === 1) await barrier.opened;
        return done(null);
      });
      for (let n = 0; n < 5; n += 1) await intend(pool, incident, [card()]);
      await start({ jobs: [job] });
      await waitFor('the first to run', () => notes.length === 1);
      for (let n = 0; n < 5; n += 1) await intend(pool, incident, [card()]);
      barrier.open();
      await untilDone(pool);
      expect(notes.length).toBe(2);
    });

    test('one that must be tried again while another waits leaves it to the other', async () => {
      const notes: string[] = [];
      const barrier = newGate();
      const job = noting('card.render', notes, async () => {
        if (notes.length > 1) return done(null);
        await barrier.opened;
        return retry('rate limited', 20);
      });
      await start({ jobs: [job] });
      await intend(pool, incident, [card()]);
      await waitFor('the first to run', () => notes.length === 1);
      await intend(pool, incident, [card()]);
      barrier.open();
      await untilDone(pool, 'both to be over', 5000);
      expect(notes.length).toBe(2);
      expect((await effectsOf(pool)).map((row) => row.state)).toEqual(['cancelled', 'done']);
    });

    test('a dead worker that held one while another waits does not keep the others', async () => {
      await intend(pool, incident, [card(), effect('post')]);
      await claimAll(pool, { worker: 'elsewhere/1/2/3', lease_ms: 50 });
      await intend(pool, incident, [card()]);
      const notes: string[] = [];
      await start({ jobs: [noting('card.render', notes), noting('message.post', notes)] });
      await untilDone(pool);
      expect(notes.length).toBe(2);
      expect((await effectsOf(pool)).map((row) => row.state).sort()).toEqual(['cancelled', 'done', 'done']);
    });

    test('one that is asked for again just before it is claimed shows the newer state', async () => {
      await intend(pool, incident, [card()]);
      const [queued] = (await takeDue(pool, 'steps', 10)).taken;
      let claimed: Promise<ClaimedRow | null> | undefined;
      let state = 'waiting';
      await transact(pool, async (tx) => {
        const locked = (await lockIncident(tx, incident))!;
        await persist(
          tx,
          locked.incident,
          { incident: { last_update: 'new' }, events: [], effects: [card()] },
          locked.now,
        );
        claimed = claim(pool, queued!.id, 'worker', 5000);
        void claimed.then(() => (state = 'claimed'));
        await waitFor('the claim to wait for the decision', async () => {
          const waiting = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
          return (await pool.query<{ n: number }>(waiting)).rows[0]!.n === 1;
        });
        expect(state).toBe('waiting');
      });
      expect(await claimed).toMatchObject({ id: queued!.id, kind: 'card.render' });
      const seen = await pool.query('select last_update from incident where id = $1', [incident]);
      expect(seen.rows).toEqual([{ last_update: 'new' }]);
    });
  });

  describe('leases', () => {
    test('a lease that ran out is taken over, and the late result with the old fence is refused', async () => {
      await intend(pool, incident, [effect('slow')]);
      const [handOver] = (await takeDue(pool, 'steps', 10)).taken;
      const old = await claim(pool, handOver!.id, 'elsewhere/1/2/3', 100);
      const barrier = newGate();
      const seen: ClaimedRow[] = [];
      const job = noting('message.post', [], async (each) => {
        seen.push(each);
        await barrier.opened;
        return done({ skipped: 'by the new one' });
      });
      await start({ jobs: [job] });
      await waitFor('the takeover', () => seen.length === 1);
      expect(seen[0]).toMatchObject({ fence: old!.fence + 1, unknown_since: expect.any(Date) });
      const verbs = { pool, estate: await smallEstate().then((estate) => () => estate) };
      const late = {
        effect: old!,
        worker: 'elsewhere/1/2/3',
        outcome: done({ skipped: 'late' }),
        pace_ms: 0,
        after: undefined,
      };
      expect(await recordOutcome(verbs, late)).toBe('stale');
      barrier.open();
      await untilDone(pool);
      const [row] = (await pool.query(`select result, fence from effect`)).rows;
      expect(row).toEqual({ result: { skipped: 'by the new one' }, fence: 2 });
    });

    test('an effect that this process was given but never learned of runs out though its others are renewed', async () => {
      const barrier = newGate();
      const notes: string[] = [];
      const job = noting('message.post', notes, async (each) => {
        if (each.key === 'long') await barrier.opened;
        return done(null);
      });
      const boat = await start({ jobs: [job] });
      await intend(pool, incident, [effect('long')]);
      await waitFor('it to run', () => notes.length === 1);
      // The answer to a claim got lost with the connection: the row says running, the worker knows nothing.
      await intend(pool, incident, [effect('orphan', { due_at: new Date('2100-01-01') })]);
      await pool.query(
        `update effect set state = 'running', worker = $1, fence = 1, started_at = now(), lease_until = clock_timestamp() + interval '3 seconds' where key = 'orphan'`,
        [boat.name],
      );
      await waitFor('the orphan to be done', () => notes.includes('orphan'), { timeoutMs: 8000 });
      barrier.open();
      await untilDone(pool);
    });
  });
});
