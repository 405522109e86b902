import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram, wordsIn, type Program } from '../support/program-world.ts';
import { waitFor } from '../support/wait-for.ts';

const GUARDED = `description: Asks, then does.
steps:
  - { id: ask, name: May it?, uses: approval, with: { approvers: [incident-commander], timeout: 10m } }
  - { id: act, name: Act, uses: noop, needs: [ask] }
`;
let program: Program;
beforeAll(async () => {
  program = await startProgram({ runbooks: { guarded: GUARDED } });
});
afterAll(() => program.stop());

test('the card leads to a request for consent as soon as it is posted, and no longer than it is open', async () => {
  const { room, channel } = await program.declare('P3 Something is to be done');
  await program.dr('ana', 'run guarded', channel);
  await waitFor('the card to lead to the request', () => wordsIn(room)[0]?.includes('Review request'));
  const [card] = room.cards;
  const request = room.messages().find(({ text }) => text.startsWith('Approval is needed'));
  expect(JSON.stringify(card?.blocks)).toContain(`message_ts=${request?.ts ?? 'none'}`);
  await program.dr('cleo', 'approve', channel);
  await waitFor('the card to lead nowhere', () => !wordsIn(room)[0]?.includes('Review request'));
});
