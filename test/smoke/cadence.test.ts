import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf, startProgram, wordsIn, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE = 60_000;
let program: Program;
let incident: Declared;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

/** Keys of the updates in a channel, without the place. */
const updates = (channel: string = incident.room.id): string[] =>
  program.world.workspace
    .messages({ channel })
    .map(keyOf)
    .filter((key): key is string => key?.includes(':update:') ?? false);
/** Updates that were due or written; those without news edit one line. */
const told = async (): Promise<number> =>
  (await program.rows(`select 1 from event where kind = 'update.posted' and incident_id = 1`)).length;
const slot = (n: number): Promise<void> =>
  waitFor(`${n} updates`, async () => (await told()) === n).then(() => program.idle());
const nextDue = async (): Promise<number> => {
  const [row] = await program.rows<{ due: number }>(
    `select extract(epoch from next_update_due - now()) * 1000 as due from incident where id = 1`,
  );
  return Number(row?.due);
};

test('posts one update for each slot of the severity, and edits the card', async () => {
  incident = await program.declare('P0 Nothing moves');
  await program.idle();
  expect(updates()).toEqual([]);
  await program.pass(14 * MINUTE);
  await program.idle();
  expect(updates()).toEqual([]);
  await program.pass(1 * MINUTE);
  await slot(1);
  await program.pass(15 * MINUTE);
  await slot(2);
  await program.idle();
  // Where nothing has changed for its readers the second edits the line of the first; the card stays one message.
  expect(updates()).toHaveLength(2);
  expect(updates('leadership')).toHaveLength(1);
  expect(incident.room.pins.map(keyOf)).toEqual(['card:1:first']);
  expect(incident.room.pins[0]?.edits).toBeGreaterThan(0);
  const [first, second] = await program.rows<{ missed: number }>(
    `select (data->>'missed')::integer as missed from event where kind = 'update.posted' order by seq`,
  );
  expect([first?.missed, second?.missed]).toEqual([0, 0]);
});

test("a person's update answers the slot and moves the next one on by a full interval", async () => {
  await program.pass(10 * MINUTE);
  await program.dr('ana', 'update A wheel turns', incident.channel);
  await slot(3);
  expect(await nextDue()).toBeGreaterThan(14 * MINUTE);
  await program.pass(10 * MINUTE); // the old slot would have been due by now
  await program.idle();
  expect(await told()).toBe(3);
  await program.pass(5 * MINUTE);
  await slot(4);
});

test('slots missed while the program was down collapse into one update that says so', async () => {
  await program.idle();
  program.process().signal('SIGTERM');
  await program.process().exit();
  await program.pass(50 * MINUTE);
  await program.start();
  await slot(5);
  await program.idle();
  expect(await told()).toBe(5);
  const [last] = await program.rows<{ missed: number; late: number }>(
    `select (data->>'missed')::integer as missed, (data->>'late_ms')::integer as late from event
     where kind = 'update.posted' order by seq desc limit 1`,
  );
  expect(last?.missed).toBe(2);
  expect(last?.late).toBeGreaterThan(34 * MINUTE);
  const due = await nextDue();
  expect(due).toBeGreaterThan(0);
  expect(due).toBeLessThanOrEqual(15 * MINUTE);
});

test('a change of severity plans the updates anew at once', async () => {
  await program.dr('ana', 'severity P2 Only a part', incident.channel);
  const due = await nextDue();
  expect(due).toBeGreaterThan(119 * MINUTE);
  expect(due).toBeLessThanOrEqual(120 * MINUTE);
  await program.pass(60 * MINUTE);
  await program.idle();
  expect(await told()).toBe(5);
  await waitFor('the card to say so', () => /P2/.test(incident.room.pins[0]?.text ?? ''));
  expect(incident.room.topic).toContain('P2');
});

test('after the resolution no update comes', async () => {
  await program.dr('ana', 'resolve It moves', incident.channel);
  await program.idle();
  const before = incident.room.messages().length;
  await program.rows(`update effect set due_at = due_at - interval '10 hours' where state = 'pending'`);
  await program.rows(`select pg_notify('lifeboat_effect', '')`);
  await program.idle();
  expect(await told()).toBe(5);
  expect(incident.room.messages()).toHaveLength(before);
  expect(wordsIn(incident.room).at(-1)).toContain('It moves');
  expect(program.doubles()).toEqual([]);
  expect(program.logs().filter(({ level }) => level === 'error')).toEqual([]);
});
