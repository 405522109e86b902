import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookOf } from '../../src/domain/health/look.ts';
import type { Estate } from '../../src/domain/estate/model.ts';
import { withDigest } from '../../src/domain/plan/plan.ts';
import type { Plan } from '../../src/domain/run/model.ts';
import { LifeboatError, messageOf } from '../../src/runtime/errors.ts';
import { heldLocks } from '../../src/store/run/locks.ts';
import type { Request, VerbDeps } from '../../src/verbs/context.ts';
import { controlRun } from '../../src/verbs/run/control-run.ts';
import { requestRecovery } from '../../src/verbs/run/request-recovery.ts';
import { startRecovery } from '../../src/verbs/run/start-recovery.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plan, step } from '../support/queue-plan.ts';
import { effectsOf, plainIncident, smallEstate, testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let verbs: VerbDeps;
let requests = 0;
const by = (actor = 'slack:U01ANA'): Request => ({ key: `r${(requests += 1)}`, actor });
const locking = (name: string, locks: string[]): Plan => withDigest({ ...plan(name, [step('a')]), locks });
const held = (name: string) => heldLocks(pool, [name]);

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

describe('a service is worked on by one run at a time', () => {
  test('of twenty starts in twenty incidents at once one wins, and the others name its run, incident and person', async () => {
    const incidents = await Promise.all(Array.from({ length: 20 }, () => plainIncident(pool)));
    const names = ['service:api', 'service:database', 'lock:switch'];
    const started = await Promise.allSettled(
      incidents.map((incident, index) => {
        const turned = [...names.slice(index % 3), ...names.slice(0, index % 3)];
        return startRun(verbs, by(), incident, locking(`p${index}`, turned));
      }),
    );
    const won = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const lost = started.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
    expect(won).toHaveLength(1);
    const [run] = won;
    for (const error of lost) {
      expect(error).toBeInstanceOf(LifeboatError);
      expect(messageOf(error)).toContain(`is held by run ${run?.id} of INC-${run?.incident_id}, which Ana Ito started`);
    }
    expect((await heldLocks(pool, names)).map((each) => each.run_id)).toEqual(names.map(() => run?.id));
    expect((await pool.query('select count(*)::integer as n from run')).rows).toEqual([{ n: 1 }]);
    await pool.query(END, [run?.incident_id]);
  });

  test('others are not in its way, and a refused start leaves no lock behind', async () => {
    const [here, there] = [await plainIncident(pool), await plainIncident(pool)];
    await startRun(verbs, by(), here, locking('one', ['service:b']));
    await startRun(verbs, by(), there, locking('other', ['service:c']));
    await expect(startRun(verbs, by(), there, locking('both', ['service:a', 'service:b']))).rejects.toThrow(
      'service `b` is held by run',
    );
    expect(await held('service:a')).toEqual([]);
    await Promise.all([here, there].map((incident) => pool.query(END, [incident])));
  });

  test('a paused run keeps its lock, and the end of the run frees it in the same transaction', async () => {
    const [here, there] = [await plainIncident(pool), await plainIncident(pool)];
    const run = await startRun(verbs, by(), here, locking('one', ['service:d']));
    await controlRun(verbs, by(), here, null, { kind: 'pause', reason: 'wait' });
    await expect(startRun(verbs, by(), there, locking('two', ['service:d']))).rejects.toThrow(`held by run ${run.id}`);
    const client = await pool.connect();
    await client.query('begin');
    await client.query(END, [here]);
    expect(await held('service:d')).toHaveLength(1); // seen from outside, until the end is in
    await client.query('rollback');
    expect(await held('service:d')).toHaveLength(1);
    await client.query(END, [here]);
    client.release();
    expect(await held('service:d')).toEqual([]);
    await startRun(verbs, by(), there, locking('two', ['service:d']));
    await pool.query(END, [there]);
  });

  test('two incidents that recover one service: the second is refused at once, and after the look if it was too late', async () => {
    const [here, there] = [await plainIncident(pool), await plainIncident(pool)];
    const looks = ['database', 'api'].map((name) => lookOf(name, [{ id: 'up', state: 'red', reason: 'refused' }]));
    await requestRecovery(verbs, by(), there, 'api'); // before the other began
    const assessment = { service: 'api', actor: 'slack:U01ANA', looks };
    await startRecovery(verbs, { ...assessment, incident: here, key: 'assess:here' });
    await startRecovery(verbs, { ...assessment, incident: there, key: 'assess:there' });
    const [run, ...more] = await heldLocks(pool, ['service:api', 'service:database']);
    expect(run).toMatchObject({ incident_id: here, person: 'slack:U01ANA' });
    expect(more).toMatchObject([{ incident_id: here }]);
    expect((await effectsOf(pool, `incident_id = ${there} and key like '%refused:assess:there%'`)).length).toBe(1);
    await expect(requestRecovery(verbs, by(), there, 'api')).rejects.toThrow(
      `held by run ${run?.run_id} of INC-${here}`,
    );
  });
});

/** As whatever ends a run writes it. */
const END = `update run set state = 'aborted', finished_at = now() where incident_id = $1 and finished_at is null`;
