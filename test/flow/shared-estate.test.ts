import { join } from 'node:path';
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdEstate, type EstateHolder } from '../../src/estate-holder.ts';
import { checkRecord } from '../../src/domain/incident/record.ts';
import { ESTATE_SUBJECT } from '../../src/domain/incident/subject.ts';
import { createLog } from '../../src/runtime/log.ts';
import { startListener } from '../../src/postgres/listener.ts';
import { shareEstate, type SharedEstate } from '../../src/shared-estate.ts';
import { findIncident } from '../../src/store/incident/incidents.ts';
import { timelineOf } from '../../src/store/incident/timeline.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { copySmallEstate, ESTATE, type EstateCopy } from '../support/estates/copy.ts';
import { testPool } from '../support/queue-world.ts';

let database: TestDatabase;
let pool: pg.Pool;
let logged: { level: string; msg: string }[];
const copies: EstateCopy[] = [];
const started: Pick<SharedEstate, 'stop'>[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  logged = [];
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.stop()));
  await Promise.all(copies.splice(0).map((each) => each.remove()));
  await pool.end();
  await database.drop();
});

async function copy(): Promise<EstateCopy> {
  const made = await copySmallEstate();
  copies.push(made);
  return made;
}

interface Process {
  holder: EstateHolder;
  shared: SharedEstate;
  changes: () => number;
  ana: () => string | undefined;
}

/** A process of Lifeboat as far as its estate goes; without `url` it hears no NOTIFY at all. */
async function start({ folder }: EstateCopy, url = database.url): Promise<Process> {
  const log = createLog({
    level: 'info',
    destination: { write: (line) => void logged.push(JSON.parse(line) as (typeof logged)[number]) },
  });
  const path = join(folder, ESTATE);
  const holder = await holdEstate(path);
  let changes = 0;
  const listener = startListener(url, () => undefined);
  const shared = await shareEstate({ holder, path, pool, listener, log, onChange: () => (changes += 1) });
  started.push(shared, listener);
  return { holder, shared, changes: () => changes, ana: () => holder.current().people['ana']?.name };
}
const DEAF = 'postgres://nobody@127.0.0.1:9/none';
const rename = (estate: EstateCopy, from: string, to: string) => estate.spoil(ESTATE, from, to);

test('a reload in one process reaches every other by NOTIFY, whatever file that one has', async () => {
  const [here, there] = [await copy(), await copy()];
  const [bot, worker] = [await start(here), await start(there)];
  await rename(here, 'Ana Ito', 'Ana Novak');
  expect(await bot.shared.reload('slack:U01BEN')).toMatchObject({ ok: true });
  await expect.poll(worker.ana, { timeout: 2000 }).toBe('Ana Novak');
  expect(worker.changes()).toBe(1);
  expect(worker.shared.inUse()).toMatchObject({ loaded_by: 'slack:U01BEN', digest: bot.holder.digest() });
  expect(await bot.shared.reload('slack:U01BEN')).toEqual({ ok: true, text: 'Nothing changed in the estate.' });
});

test('each change of the estate in use is in its own timeline, which is chained', async () => {
  const here = await copy();
  const bot = await start(here);
  await rename(here, 'Ana Ito', 'Ana Novak');
  await bot.shared.reload('slack:U01BEN');
  await bot.shared.reload('slack:U01BEN');
  const subject = await findIncident(pool, ESTATE_SUBJECT);
  const events = await timelineOf(pool, ESTATE_SUBJECT);
  expect(events.map(({ kind, actor, data }) => [kind, actor, data['occasion']])).toEqual([
    ['estate.loaded', 'lifeboat', 'start'],
    ['estate.loaded', 'slack:U01BEN', 'reload'],
  ]);
  expect(events[1]!.data).toMatchObject({
    digest: bot.holder.digest(),
    by: 'slack:U01BEN',
    source: bot.shared.inUse().source,
  });
  expect(checkRecord(subject!, events, null, [])).toMatchObject({ kind: 'whole', last: 2 });
  await expect(pool.query('delete from event where incident_id = 0')).rejects.toThrow('append-only');
});

test('an estate that came into use before there was a timeline begins it', async () => {
  const here = await copy();
  const { digest } = (await holdEstate(join(here.folder, ESTATE))).file;
  await pool.query(`insert into estate (digest, body) values ($1, '{"main": "", "files": {}}')`, [digest]);
  await pool.query(`insert into estate_use (digest, loaded_by, source) values ($1, 'slack:U01ANA', 'before')`, [
    digest,
  ]);
  await start(here);
  await start(here);
  const events = await timelineOf(pool, ESTATE_SUBJECT);
  expect(events).toMatchObject([{ kind: 'estate.loaded', actor: 'slack:U01ANA', data: { digest, source: 'before' } }]);
});

test('a decision that asks sees a reload at once, though no NOTIFY arrives', async () => {
  const [here, there] = [await copy(), await copy()];
  const [bot, deaf] = [await start(here), await start(there, DEAF)];
  await rename(here, 'Ana Ito', 'Ana Novak');
  await bot.shared.reload('slack:U01BEN');
  expect(deaf.ana()).toBe('Ana Ito');
  expect((await deaf.shared.fresh()).people['ana']?.name).toBe('Ana Novak');
  expect(deaf.ana()).toBe('Ana Novak');
});

test('a process that never hears a NOTIFY looks by itself', async () => {
  const [here, there] = [await copy(), await copy()];
  const [bot, deaf] = [await start(here), await start(there, DEAF)];
  await rename(here, 'Ana Ito', 'Ana Novak');
  await bot.shared.reload('slack:U01BEN');
  await expect.poll(deaf.ana, { timeout: 8000, interval: 100 }).toBe('Ana Novak');
});

test('a start brings new content to everybody, and content that was replaced comes back only when asked for', async () => {
  const [old, next] = [await copy(), await copy()];
  const first = await start(old);
  expect(first.shared.notice()).toBeNull();
  await rename(next, 'Ana Ito', 'Ana Novak');
  await start(next);
  await expect.poll(first.ana, { timeout: 2000 }).toBe('Ana Novak');
  // Two bots with different files may restart as often as they like.
  logged = [];
  const again = await start(old);
  expect(again.ana()).toBe('Ana Novak');
  expect(first.ana()).toBe('Ana Novak');
  expect(again.shared.notice()).toMatch(/^the estate in use is [0-9a-f]{12} from .*, not [0-9a-f]{12} from .*reload/);
  expect(logged.filter(({ level }) => level === 'warn').map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/^this file is not in use/),
  ]);
  expect(await again.shared.reload('slack:U01ANA')).toMatchObject({ ok: true });
  expect(again.shared.notice()).toBeNull();
  await expect.poll(first.ana, { timeout: 2000 }).toBe('Ana Ito');
});

test('a broken file changes nothing anywhere', async () => {
  const here = await copy();
  const bot = await start(here);
  await rename(here, 'owner: database', 'owner: databse');
  expect(await bot.shared.reload('slack:U01ANA')).toMatchObject({
    ok: false,
    text: expect.stringMatching(/^The file is refused, so the estate stays as it was:\n• .*databse/) as string,
  });
  expect((await pool.query('select digest from estate_use')).rows).toHaveLength(1);
  expect(bot.shared.problem()).toBeNull();
});

test('a process that cannot read the estate in use keeps its own, says so, and decides nothing by it', async () => {
  const bot = await start(await copy());
  await pool.query(
    `with row as (insert into estate (digest, body) values ('f00', '{"main": "x.yaml", "files": {"x.yaml": "tomorrow: true"}}') returning digest)
     insert into estate_use (digest, loaded_by, source) select digest, 'a newer version', 'elsewhere' from row`,
  );
  await expect(bot.shared.fresh()).rejects.toMatchObject({ code: 'unavailable' });
  expect(bot.shared.problem()).toMatch(/the estate in use \(f00, from elsewhere\) cannot be read/);
  expect(bot.ana()).toBe('Ana Ito');
});
