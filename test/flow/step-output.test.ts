import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MOST_KEPT } from '../../jobs/output-queue.ts';
import { outputSinks } from '../../jobs/step-output.ts';
import { createRedactor, type Redactor } from '../../src/runtime/redact.ts';
import { outputOf, outputTail } from '../../src/store/run/step-output.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plainIncident, testPool } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

const SECRET = '8f31c0aa-Signing/Secret+of~ours';
const redactor = createRedactor([SECRET]);

let database: TestDatabase;
let pool: pg.Pool;
let run: number;
let steps = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 4);
  const incident = await plainIncident(pool);
  await pool.query(`insert into plan (digest, body) values ('d', '{}')`);
  const { rows } = await pool.query<{ id: number }>(
    `insert into run (incident_id, plan_digest, name, requested_by, state, remaining, started_at)
     values ($1, 'd', 'r', 'slack:U1', 'running', 1, now()) returning id`,
    [incident],
  );
  run = rows[0]!.id;
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

function open(by: Redactor = redactor) {
  const step = `s${(steps += 1)}`;
  const sink = outputSinks({ pool, redactor: by })({ run, step, attempt: 1 });
  const stored = async (): Promise<string> => (await outputOf(pool, run, step)).map(({ text }) => text).join('\n');
  return { sink, step, stored };
}

test('a key printed line by line and a secret parted by two pieces are never stored', async () => {
  const { sink, stored } = open();
  for (const line of ['-----BEGIN RSA PRIVATE KEY-----', 'PLANTEDEpAIBAAKCAQEA', '-----END RSA PRIVATE KEY-----'])
    sink.take('stdout', `${line}\n`);
  sink.take('stdout', `signed with ${SECRET.slice(0, 11)}`);
  sink.take('stderr', 'in between\n');
  sink.take('stdout', `${SECRET.slice(11)} and done\nDB_PA`);
  sink.take('stdout', 'SS=PLANTED\n');
  await sink.close();
  const text = await stored();
  expect(text).not.toMatch(/PLANTED|Signing|Secret/);
  expect(text).toContain('signed with [redacted] and done');
  expect(text).toContain('in between');
});

test('output is there while the step still runs', async () => {
  const { sink, step } = open();
  sink.take('stdout', 'first line\nsecond');
  await waitFor('the first line', async () => (await outputTail(pool, run, step, 10)).length === 1);
  await sink.close();
  expect(await outputTail(pool, run, step, 10)).toEqual([
    { stream: 'stdout', text: 'first line' },
    { stream: 'stdout', text: 'second' },
  ]);
});

test('of an attempt that prints without end ten megabytes and the end are kept, and what is missing is said', async () => {
  const { sink, step, stored } = open();
  const line = `${'line of much output '.repeat(5)}\n`;
  const chunk = line.repeat(600);
  const chunks = Math.ceil((MOST_KEPT * 1.3) / chunk.length);
  for (let n = 0; n < chunks; n += 1) sink.take('stdout', chunk);
  sink.take('stderr', 'the reason of the failure\n');
  await sink.close();
  const text = await stored();
  expect(text.length).toBeGreaterThan(MOST_KEPT);
  expect(text.length).toBeLessThan(MOST_KEPT + 70_000);
  const [, missing] = /… the first 10000000 characters of this attempt are kept, (\d+) are not/.exec(text) ?? [];
  expect(Number(missing)).toBeGreaterThan(MOST_KEPT * 0.29);
  expect((await outputTail(pool, run, step, 1))[0]?.text).toBe('the reason of the failure');
  const { rows } = await pool.query<{ blocks: number }>(
    'select count(*)::integer as blocks from step_output where step_id = $1',
    [step],
  );
  expect(rows[0]!.blocks).toBeLessThan(400);
});

test('in one turn of the event loop a slice is looked at, however many steps print however much', async () => {
  let inTurn = 0;
  let most = 0;
  const counting: Redactor = {
    ...redactor,
    stream() {
      const stream = redactor.stream();
      return {
        push(text) {
          if (inTurn === 0) setImmediate(() => (inTurn = 0));
          inTurn += text.length;
          most = Math.max(most, inTurn);
          return stream.push(text);
        },
        end: () => stream.end(),
      };
    },
  };
  const sinks = outputSinks({ pool, redactor: counting });
  const open = [1, 2, 3].map((attempt) => sinks({ run, step: 'slices', attempt }));
  for (const sink of open) sink.take('stdout', 'a line that is printed a million times\n'.repeat(10_000));
  await waitFor('the first block', async () => (await outputTail(pool, run, 'slices', 1)).length > 0);
  await Promise.all(open.map((sink) => sink.close()));
  expect(most).toBeGreaterThan(0);
  // The turn in which counting begins anew may lie between two.
  expect(most).toBeLessThanOrEqual(2 * 16_384);
});
