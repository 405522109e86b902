import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkRecord } from '../../src/domain/incident/record.ts';
import { createSeal } from '../../src/domain/incident/seal.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { sealThrough } from '../../src/store/incident/seals.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import { addNote } from '../../src/verbs/incident/add-note.ts';
import { changeSeverity } from '../../src/verbs/incident/change-severity.ts';
import { declareIncident } from '../../src/verbs/incident/declare-incident.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { smallEstate, testPool } from '../support/queue-world.ts';

const seal = createSeal(['k'.repeat(32)]);
let database: TestDatabase;
let pool: pg.Pool;
let incident: number;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  sealThrough(pool, seal);
  const estate = await smallEstate();
  const verbs = { pool, estate: () => estate };
  const by = (key: string) => ({ key, actor: 'slack:U01ANA' });
  const declared = await declareIncident(verbs, by('d'), {
    ...{ title: 'Primary site lost power', severity: 'P1', service: null, channel: 'C1' },
  });
  incident = declared.id;
  await addNote(verbs, by('n'), incident, 'the generator starts');
  await changeSeverity(verbs, by('s'), incident, 'P0', 'it does not');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test.each([
  ['update', `update event set actor = 'slack:U0MALLORY'`],
  ['delete', 'delete from event where seq = 2'],
  ['delete of nothing', 'delete from event where false'],
  ['truncate', 'truncate event'],
  ['truncate by way of the incident', 'truncate incident cascade'],
  ['update as a replica', `set session_replication_role = replica; update event set actor = 'x'`],
])('the database refuses an %s of the timeline, to its owner and to a superuser', async (_name, statement) => {
  const client = await pool.connect();
  try {
    await expect(client.query(statement)).rejects.toThrow(/timeline is append-only/);
  } finally {
    client.release(true);
  }
  expect(await timelineOf(pool, incident)).toHaveLength(4);
});

test('an owner who is no superuser has no right to it either', async () => {
  const { rows } = await pool.query<{ may: boolean }>(
    `select coalesce(bool_or(privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')), false) as may
     from information_schema.role_table_grants where table_name = 'event'`,
  );
  expect(rows).toEqual([{ may: false }]);
});

test('the verbs seal every head, and somebody who writes the chain anew in SQL is noticed', async () => {
  const look = async () => {
    const found = await findIncident(pool, incident);
    return checkRecord(found!, await timelineOf(pool, incident), seal, null);
  };
  expect(await look()).toMatchObject({ kind: 'whole', seal: { kind: 'sealed', seq: 4 } });
  // Whoever owns the table can take the trigger away; the seal is what they cannot make.
  await pool.query('alter table event disable trigger event_append_only');
  await pool.query('grant all on event to current_user');
  await pool.query('delete from event where incident_id = $1 and seq = 4', [incident]);
  expect(await look()).toEqual({ kind: 'broken', seq: 4 });
  await pool.query(
    `update incident i set chain_seq = e.seq, chain_hash = e.hash from event e
     where i.id = $1 and e.incident_id = i.id and e.seq = 3`,
    [incident],
  );
  expect(await look()).toEqual({ kind: 'forged', seq: 4 });
  await pool.query('delete from event where incident_id = $1', [incident]);
  expect(await look()).toEqual({ kind: 'emptied' });
});
