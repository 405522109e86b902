import { afterAll, beforeAll, expect, test } from 'vitest';
import { said, startProgram, type Declared, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

let program: Program;
let first: Declared;
beforeAll(async () => {
  program = await startProgram();
  program.world.workspace.addUser({ id: 'U0STRANGER', name: 'stranger' });
});
afterAll(() => program.stop());

const dr = (who: string, text: string, channel?: string) => program.dr(who, text, channel);
const person = (name: string) => program.world.workspace.user(name);
const state = (id: number) =>
  program.rows('select state, severity, service, title, merged_into, channel from incident where id = $1', [id]);
const held = (name: string) =>
  waitFor('the offer', () => person(name).ephemerals.findLast(({ text }) => text.includes('Nothing was declared')));

test('who declares what was just declared is asked first, joins with a press, or raises it', async () => {
  first = await program.declare('P2 Orders fail service:api');
  const again = (await dr('stranger', 'declare P0 Nothing works service:api')).text;
  expect(again).toMatch(/^:warning: \*Nothing was declared, and nobody new is paged\.\*[\s\S]*INC-1[\s\S]*anyway/);
  expect((await program.rows('select 1 from incident where id > 0')).length).toBe(1);
  await person('stranger').press(await held('stranger'), 'Join INC-1');
  await waitFor('the invitation', () => first.room.members.includes(person('stranger').id));
  await dr('ben', 'declare P0 Nothing works service:api');
  await person('ben').press(await held('ben'), 'Raise INC-1 to P0');
  await waitFor('the severity', async () => (await state(1))[0]?.['severity'] === 'P0');
});

test('declares all the same once, however often it is pressed, and at once with `anyway`', async () => {
  const button = await held('ben');
  for (let n = 0; n < 3; n += 1) await person('ben').press(button, 'Declare all the same', { asSeen: true });
  expect(await program.rows('select id, title from incident where id > 0 order by id')).toEqual([
    { id: 1, title: 'Orders fail' },
    { id: 2, title: 'Nothing works' },
  ]);
  expect((await dr('ben', 'declare P3 orders FAIL!! anyway')).text).toContain('INC-3 declared');
});

test('a duplicate ends in the other one: its channel says where it goes on, and status leads there', async () => {
  await waitFor('the channel', async () => typeof (await state(2))[0]?.['channel'] === 'string');
  expect((await dr('ana', 'merge INC-2 into INC-2')).text).toMatch(/merged into itself/);
  expect((await dr('ana', 'merge INC-2 and then')).text).toMatch(/not clear which.*\n.*merge INC-8 into INC-7/);
  const answer = (await dr('cleo', 'merge INC-2 into INC-1')).text;
  expect(answer).toMatch(/^INC-2 is merged into INC-1: its pages end/);
  await program.idle();
  const room = program.world.workspace.channel(String((await state(2))[0]?.['channel']));
  expect(room.archived).toBe(true);
  expect(room.messages().at(-1)?.text).toMatch(new RegExp(`INC-2 Nothing works goes on as INC-1`));
  expect(first.room.members).toContain(person('cleo').id);
  expect(said(await dr('ana', 'status INC-2'))).toMatch(/INC-2 was merged: it goes on as INC-1/);
  expect((await dr('ana', 'update INC-2 hello')).text).toMatch(/INC-2 was merged into INC-1[\s\S]*Use INC-1/);
});

test('title and service change topic, card and who is told, and keep the name of the channel', async () => {
  const renamed = await dr('ana', 'title *Orders* <!channel> `fail` &amp; more', first.channel);
  expect(renamed.text).toMatch(/^INC-1 is called/);
  expect(renamed.text).not.toContain('<!channel>');
  expect((await dr('ana', `title ${'x'.repeat(100_000)}`, first.channel)).text).toMatch(
    /100,000 characters[\s\S]*At most 150/,
  );
  expect((await dr('ana', 'service databse', first.channel)).text).toMatch(/no service `databse`[\s\S]*`database`/);
  expect((await dr('ana', 'service database', first.channel)).text).toMatch(/INC-1 is about/);
  await program.idle();
  expect(first.room.topic).toMatch(/database · Orders @.?channel fail & more/);
  expect(program.world.workspace.channel(first.channel).id).toBe(first.room.id);
  expect(
    first.room
      .messages()
      .map(({ text }) => text)
      .join('\n'),
  ).toMatch(/is about .*database/);
});

test('a closed incident goes on: a bot cannot unarchive its channel, so there is another one that says so', async () => {
  await dr('ana', 'resolve INC-1 The connections were full');
  await dr('ana', 'close INC-1');
  await waitFor('the archive', () => first.room.archived);
  expect((await dr('ana', 'reopen INC-1')).text).toMatch(/reason is missing/);
  const pages = program.world.pager.alerts().length;
  expect((await dr('ana', 'reopen INC-1 It fails <!here> again')).text).toMatch(/^INC-1 is open again\. Paging/);
  await program.idle();
  const [now] = await state(1);
  expect(now).toMatchObject({ state: 'open' });
  const room = program.world.workspace.channel(String(now?.['channel']));
  expect(room.id).not.toBe(first.room.id);
  const words = room
    .messages()
    .map(({ text }) => text)
    .join('\n');
  expect(words).toMatch(/is open again: It fails @.?here again/);
  expect(words).toMatch(/goes on here: its old channel stays archived/);
  expect(room.members).toContain(person('ana').id);
  expect(program.world.pager.alerts().length).toBeGreaterThan(pages);
  expect(said(await dr('ana', 'timeline INC-1'))).toMatch(/opened it again[\s\S]*The connections were full/);
  expect(program.doubles()).toEqual([]);
});

test('where the bot may unarchive, the channel is the same one', async () => {
  program.world.workspace.botsUnarchive(true);
  const other = await program.declare('P3 A chair wobbles');
  for (const words of ['resolve glued', 'close']) await dr('ana', `${words} INC-${other.id}`);
  await waitFor('the archive', () => other.room.archived);
  await dr('ana', `reopen INC-${other.id} It wobbles again`);
  await program.idle();
  expect(other.room.archived).toBe(false);
  expect(other.room.messages().at(-1)?.text).not.toMatch(/stays archived/);
  expect(await state(other.id)).toMatchObject([{ state: 'open', channel: other.room.id }]);
});

test('the home shows what waits for whoever opens it', async () => {
  await person('ana').openHome();
  const view = await waitFor('the home', () => person('ana').home);
  const words = JSON.stringify(view);
  expect(words).toMatch(/You are paged as .*INC-1/);
  expect(words).toMatch(/on-call\*: <@U01ANA>/);
  expect(words).toMatch(/`database`: hit by INC-1/);
  expect(words).toMatch(/As of/);
  expect(said(await dr('ana', 'oncall'))).toMatch(
    /• \*on-call\*: <@U01ANA>.*\nWithout a schedule: .*Secondary <@U01BEN>/,
  );
});
