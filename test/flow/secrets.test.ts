import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { readSecret } from '../../src/runtime/secrets.ts';
import { findRun } from '../../src/store/run/runs.ts';
import { startRun } from '../../src/verbs/run/start-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { plan, runJobs, step } from '../support/queue-plan.ts';
import { launch, plainIncident, smallEstate, testPool, type Boat } from '../support/queue-world.ts';
import { waitFor } from '../support/wait-for.ts';

/* Values without any shape by which a redactor would know them. */
const VARIABLE = 'kiwi mango 77';
const FILE = 'plum-and-pear-88';

let database: TestDatabase;
let pool: pg.Pool;
let estate: Estate;
let folder: string;
let boat: Boat;
let requests = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  estate = await smallEstate();
  folder = mkdtempSync(join(tmpdir(), 'lifeboat-secrets-'));
  writeFileSync(join(folder, 'DEEP'), `${FILE}\n`);
  const verbs = { pool, estate: () => estate };
  const secret = (name: string) => readSecret({ variables: { SHOP: VARIABLE }, directory: folder }, name);
  boat = await launch({ url: database.url, verbs, jobs: runJobs(pool, verbs, undefined, secret) });
});
afterAll(async () => {
  await boat.stop(100);
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function ended(steps: Parameters<typeof plan>[1], state: string) {
  const verbs = { pool, estate: () => estate };
  const request = { key: `r${(requests += 1)}`, actor: 'slack:U01ANA' };
  const run = await startRun(verbs, request, await plainIncident(pool), plan(`p${requests}`, steps));
  await waitFor(`the run to be ${state}`, async () => (await findRun(pool, run.id))?.state === state);
  return run;
}

/** Every row of every table, as text. */
async function everything(): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const rows = tables.rows.map(({ name }) => pool.query<{ t: string }>(`select t::text as t from ${name} t`));
  return (await Promise.all(rows)).flatMap((each) => each.rows.map((row) => row.t)).join('\n');
}

test('a step gets the secret, and the database gets its name only, whatever the step prints', async () => {
  const env = { SHOP: '${{ secrets.SHOP }}', DEEP: 'x${{ secrets.DEEP }}' };
  const script =
    'test ${#SHOP} = 13 && test ${#DEEP} = 17 && echo "$SHOP" "$DEEP" && echo "{\\"key\\": \\"$SHOP\\"}" >&2';
  const fails = step('fails', {
    with: { run: ['sh', '-c', 'echo "no $SHOP" >&2; exit 1'], env },
    on_failure: 'continue',
  });
  await ended([step('prints', { with: { run: ['sh', '-c', script], env } }), fails], 'succeeded');
  const all = await everything();
  expect(all).toContain('secrets.SHOP');
  expect(all).toContain('[redacted]');
  expect(all).not.toContain(VARIABLE);
  expect(all).not.toContain(FILE);
});

test('a secret that is not set fails the step and says what to set', async () => {
  await ended([step('a', { with: { run: ['true', '${{ secrets.NONE }}'] } })], 'paused');
  expect(await everything()).toMatch(
    /the secret NONE cannot be read .*set LIFEBOAT_SECRET_NONE or write the file NONE/,
  );
});
