import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram, wordsIn, type Declared, type Program } from '../support/program-world.ts';
import { visibleText } from '@lifeboat/stand-ins/slack/waiting';
import { waitFor } from '../support/wait-for.ts';

let program: Program;
let incident: Declared;
const FAILS = `description: Fails until somebody decides.
steps:
  - { id: bad, name: Fail, uses: command, with: { run: [node, -e, 'process.exit(3)'] } }
  - { id: after, name: Go on, uses: noop, needs: [bad] }
`;
beforeAll(async () => {
  program = await startProgram({ runbooks: { fails: FAILS } });
});
afterAll(() => program.stop());

const person = (name: string) => program.world.workspace.user(name);
const openForm = (who: string) => {
  const { view } = person(who);
  if (!view) throw new Error(`no form is open for ${who}`);
  return view;
};

test('declares from a form, and says at the input what is wrong', async () => {
  expect((await program.dr('ana', 'declare')).status).toBe(200);
  expect(openForm('ana').callback_id).toBe('declare');
  const refused = await person('ana').submit(openForm('ana'), { title: '   ' });
  expect(refused.errors).toEqual({ title: expect.stringMatching(/^The title is empty\./) as string });
  await person('ana').submit(openForm('ana'), { title: 'The shop is dark', severity: 'P0', service: 'shop-front' });
  expect(person('ana').view).toBeUndefined();
  const room = await program.world.workspace.waitForChannel('dr-1-the-shop-is-dark');
  incident = { id: 1, room, channel: `#${room.name}` };
  await waitFor('the answer', () => person('ana').directMessages.some(({ text }) => text.includes('INC-1 declared')));
});

test('declares from a message, whose first line becomes the title', async () => {
  const message = await person('ben').say('#general', 'Door 7 is stuck\nsince noon');
  await person('cleo').shortcut('declare', message);
  await person('cleo').submit(openForm('cleo'), { severity: 'P3' });
  await program.world.workspace.waitForChannel('dr-2-door-7-is-stuck');
});

test('acknowledges, takes command and updates by the buttons of the card', async () => {
  const card = structuredClone(await waitFor('the card', () => incident.room.pins[0]));
  await person('ben').press(card, 'Acknowledge');
  // Ana was paged: her page rings until she answers it, on the same card.
  const ringing = await waitFor('the card to say who rings', () => {
    const [pin] = incident.room.pins;
    return pin && JSON.stringify(pin.blocks).includes('still rings') && structuredClone(pin);
  });
  await person('ana').press(ringing, 'Acknowledge');
  const edited = await waitFor('the card without the button', () => {
    const [pin] = incident.room.pins;
    return pin && !JSON.stringify(pin.blocks).includes('"ack"') && pin;
  });
  // Pressed as it stood before: it answers, and changes nothing twice.
  await person('dan').press(card, 'Acknowledge', { asSeen: true });
  await person('cleo').press(edited, 'Take command');
  await waitFor('the commander', async () => (await program.rows('select 1 from role_assignment')).length === 1);
  await person('cleo').press(edited, { action_id: 'update' });
  await person('cleo').submit(openForm('cleo'), { text: 'A light is on' });
  await waitFor('the update', () => wordsIn(incident.room).some((each) => each.includes('A light is on')));
  const acks = await program.rows(`select actor from event where kind = 'incident.acknowledged'`);
  expect(acks).toEqual([{ actor: 'slack:U01BEN' }]);
});

test('asks for the reason of retry, skip and abort in a form', async () => {
  await program.dr('ana', 'run fails', incident.channel);
  // As it was read: the message is edited when the run goes on, and its buttons go.
  const paused = structuredClone(
    await program.world.workspace.waitFor(
      { channel: incident.room.id, text: /is paused: step bad failed/ },
      { timeout: 15_000 },
    ),
  );
  await person('ben').press(paused, 'Retry');
  await person('ben').submit(openForm('ben'), { reason: 'It may have been the cold' });
  await waitFor('the second attempt', async () => {
    const [step] = await program.rows(`select attempt, state from step where step_id = 'bad'`);
    return step?.['attempt'] === 2 && step['state'] === 'failed';
  });
  await waitFor('a pause', async () => (await program.rows(`select 1 from run where state = 'paused'`)).length === 1);
  await person('ben').press(paused, 'Skip', { asSeen: true });
  await person('ben').submit(openForm('ben'), { reason: 'Nobody needs it' });
  await waitFor(
    'the end',
    async () => (await program.rows(`select 1 from run where state = 'succeeded'`)).length === 1,
  );
  const asked = await program.rows(
    `select kind, actor, data->>'reason' as reason from event where kind in ('step.retry_asked', 'step.skipped') order by seq`,
  );
  expect(asked).toEqual([
    { kind: 'step.retry_asked', actor: 'slack:U01BEN', reason: 'It may have been the cold' },
    { kind: 'step.skipped', actor: 'slack:U01BEN', reason: 'Nobody needs it' },
  ]);
  // The run is over: what is still pressed on the old message says so, in the form.
  await person('ben').press(paused, 'Abort', { asSeen: true });
  const late = await person('ben').submit(openForm('ben'), { reason: 'Too late' });
  expect(late.errors['reason']).toMatch(/is over: succeeded/);
  await person('ben').close(openForm('ben'));
});

test('resolves from a form, and keeps what a form is about', async () => {
  expect((await program.dr('cleo', 'resolve', incident.channel)).status).toBe(200);
  await person('cleo').submit(openForm('cleo'), { summary: 'The fuse was changed' });
  await program.world.workspace.waitFor({ channel: '#leadership', text: 'The fuse was changed' }, { timeout: 15_000 });
  expect((await program.dr('ana', 'update')).status).toBe(200);
  await person('ana').submit(openForm('ana'), { text: 'Still stuck' });
  const rows = await program.rows(`select last_update from incident where id = 2`);
  expect(rows).toEqual([{ last_update: 'Still stuck' }]);
  expect(program.logs().filter(({ level }) => level === 'error')).toEqual([]);
});

test('shows what is open in App Home, with a button to declare', async () => {
  await person('ben').openHome();
  const view = await waitFor('the home', () => person('ben').home);
  const words = visibleText({ text: '', blocks: view.blocks });
  expect(words).toMatch(/^\n1 incident open/);
  expect(words).toContain('Door 7 is stuck');
  expect(words).not.toContain('The shop is dark'); // resolved
  await person('ben').press(view, 'Declare an incident');
  expect(openForm('ben').callback_id).toBe('declare');
  await person('ben').close(openForm('ben'));
});
