import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { done } from '../../src/domain/effect/outcome.ts';
import { lookOf } from '../../src/domain/health/look.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import type { Incident } from '../../src/domain/incident/incident.ts';
import { firstBroken } from '../../src/domain/incident/timeline.ts';
import { takeDue } from '../../src/outbox/sql/due.ts';
import { claim } from '../../src/outbox/sql/effects.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import { acknowledgeIncident } from '../../src/verbs/incident/acknowledge-incident.ts';
import { addNote } from '../../src/verbs/incident/add-note.ts';
import { changeSeverity } from '../../src/verbs/incident/change-severity.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { recordOutcome } from '../../src/verbs/effect/record-outcome.ts';
import { requestRecovery } from '../../src/verbs/run/request-recovery.ts';
import { startRecovery } from '../../src/verbs/run/start-recovery.ts';
import { resolveIncident } from '../../src/verbs/incident/resolve-incident.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { effect, effectsOf, intend, plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;

const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });
const declare = (severity: 'P0' | 'P1' | 'P2' | 'P3' = 'P0', service: string | null = null, request = by()) =>
  declareIncident(verbs, request, { title: 'Primary site lost power', severity, service, channel: 'C1' });
const of = (incident: Pick<Incident, 'id'>, kind: string) =>
  effectsOf(pool, `incident_id = ${incident.id} and kind = '${kind}'`);

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

describe('outcomes', () => {
  test('a retry is due by the clock of the database, whatever the clock of the worker says', async () => {
    const incident = await plainIncident(pool);
    await pool.query(`update effect set state = 'done' where state = 'pending'`);
    await intend(pool, incident, [effect(`skewed${incident}`)]);
    const [handOver] = (await takeDue(pool, 'steps', 1)).taken;
    const held = await claim(pool, handOver!.id, 'w', 5000);
    const real = Date.now;
    Date.now = () => real() + 3_600_000;
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...args: [] | [string | number | Date]) {
        if (args.length === 0) super(real() + 3_600_000);
        else super(args[0]);
      }
    } as DateConstructor;
    try {
      const outcome = { kind: 'retry' as const, after_ms: 1000, reason: 'busy' };
      expect(await recordOutcome(verbs, { effect: held!, worker: 'w', outcome, pace_ms: 0, after: undefined })).toBe(
        'pending',
      );
    } finally {
      globalThis.Date = RealDate;
      Date.now = real;
    }
    const [row] = await effectsOf(pool, `id = ${handOver!.id}`);
    expect(Math.abs(row!.due_at.getTime() - Date.now() - 1000)).toBeLessThan(2000);
  });

  test('a lane of an outcome rests for its pace by the clock of the database', async () => {
    const incident = await plainIncident(pool);
    await intend(pool, incident, [effect(`paced${incident}`, { ordering_key: `lane${incident}` })]);
    const [handOver] = (await takeDue(pool, 'steps', 1)).taken;
    const held = await claim(pool, handOver!.id, 'w', 5000);
    await recordOutcome(verbs, { effect: held!, worker: 'w', outcome: done(null), pace_ms: 60_000, after: undefined });
    await intend(pool, incident, [effect(`paced-next${incident}`, { ordering_key: `lane${incident}` })]);
    expect((await takeDue(pool, 'steps', 10)).taken).toEqual([]);
  });
});

describe('a recovery', () => {
  test('asked for once starts one run, also when its assessment is done again after the run is over', async () => {
    const incident = await declare('P0');
    await requestRecovery(verbs, by(), incident.id, 'database');
    const [assess] = await of(incident, 'recovery.assess');
    const begin = () =>
      startRecovery(verbs, {
        incident: incident.id,
        service: 'database',
        actor: 'slack:U01ANA',
        key: assess!.key,
        looks: [lookOf('database', [{ id: 'up', state: 'red', reason: 'refused' }])],
      });
    await begin();
    await begin();
    await pool.query(`update run set state = 'succeeded', finished_at = now() where incident_id = $1`, [incident.id]);
    await begin();
    const runs = await pool.query('select id from run where incident_id = $1', [incident.id]);
    expect(runs.rows).toHaveLength(1);
  });
});

describe('the timeline', () => {
  test('of a busy incident is one chain, and a fact changed by hand is found', async () => {
    const incident = await declare('P1', 'api');
    const actors = ['slack:U01ANA', 'slack:U01BEN', 'slack:U01CLEO'];
    const odd = ['ünïcödé 🚤', 'a "quoted" \\ line\nbreak', '1e21 and -0', '\u2028', '{"json":[1.0,2e3]}'];
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => addNote(verbs, by(actors[n % 3]), incident.id, `${odd[n % 5]!} ${n}`)),
    );
    await acknowledgeIncident(verbs, by(), incident.id, {});
    await changeSeverity(verbs, by(), incident.id, 'P0', 'worse');
    await resolveIncident(verbs, by(), incident.id, 'better');
    const events = await timelineOf(pool, incident.id);
    expect(events).toHaveLength(65);
    expect(firstBroken(incident.id, events)).toBeNull();
    // By hand, as somebody with all rights would.
    await pool.query('alter table event disable trigger event_append_only');
    await pool.query('grant all on event to current_user');
    await pool.query(
      `update event set data = jsonb_set(data, '{text}', '"nothing happened"') where incident_id = $1 and seq = 7`,
      [incident.id],
    );
    expect(firstBroken(incident.id, await timelineOf(pool, incident.id))).toBe(7);
    await pool.query(`delete from event where incident_id = $1 and seq = 7`, [incident.id]);
    expect(firstBroken(incident.id, await timelineOf(pool, incident.id))).toBe(8);
  });

  test('takes words that PostgreSQL could not store, and keeps its chain', async () => {
    const incident = await declare('P3');
    await addNote(verbs, by(), incident.id, 'a NUL \u0000 and half a \ud83d character');
    const events = await timelineOf(pool, incident.id);
    expect(events.at(-1)!.data).toEqual({ text: 'a NUL \ufffd and half a \ufffd character' });
    expect(firstBroken(incident.id, events)).toBeNull();
  });
});
