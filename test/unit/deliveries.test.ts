import { beforeAll, expect, test } from 'vitest';
import type { Estate } from '../../src/domain/estate/model.ts';
import { deliveriesText, type OpenSend } from '../../templates/deliveries.ts';
import { at, smallEstate } from '../support/facts.ts';
import { accept, readable } from '../support/messages.ts';

let estate: Estate;
beforeAll(async () => {
  estate = await smallEstate();
});

const send = (changes: Partial<OpenSend> = {}): OpenSend => ({
  ...{ kind: 'message.post', payload: { incident: 7, template: 'status-update', to: '#leadership' }, state: 'pending' },
  ...{ attempts: 2, error: 'Slack asks to go slower (429)', due_at: at(36), unknown_since: null, blocked: false },
  ...changes,
});
const words = (sends: OpenSend[], more = 0): string => {
  const states = [...new Set(sends.map(({ state }) => state))];
  const counts = states.map((state) => ({ state, count: sends.filter((each) => each.state === state).length + more }));
  const message = deliveriesText(7, { sends, counts, now: at(35) }, estate);
  if (message.blocks) accept(message);
  return readable(message);
};

test('says when everything is through', () => {
  expect(words([])).toBe('TEXT Everything that INC-7 had to send is through.');
});

test('names reader, reason and what happens next of what waits, was refused, and is unknown', () => {
  const text = words([
    send(),
    send({
      kind: 'pager.send',
      payload: { dedup_key: 'a/1.0/on-call', action: 'trigger' },
      state: 'failed',
      error: 'no such key',
    }),
    send({ payload: { template: 'page', to: 'U01BEN' }, state: 'unknown', error: 'no answer' }),
    send({ payload: { template: 'paged', to: 'incident' }, blocked: true, attempts: 0, error: null }),
    send({ unknown_since: at(34) }),
  ]);
  const [, , ...lines] = text.split('\n');
  expect(lines[0]).toMatch(
    /^• \*A page\* to On call \(pager\): refused for good after 2 tries\. _Why:_ no such key\. _Next:_ nothing by itself: reach them another way/i,
  );
  expect(lines[1]).toMatch(/to <@U01BEN>: may or may not have arrived after 2 tries.*look there whether it arrived/);
  expect(lines[2]).toMatch(
    /status update\* to `management` \(#leadership\): waits after 2 tries.*429.*_Next:_ it is tried in 1 minute/,
  );
  expect(lines[3]).toMatch(/to the incident's channel: waits\. _Next:_ it goes out after what stands before it/);
  expect(lines[4]).toMatch(
    /may have arrived already.*Lifeboat looks whether it arrived, and sends it if not in 1 minute/,
  );
});

test('stays within a message however much there is, and says how much is not shown', () => {
  const text = words(
    Array.from({ length: 100 }, () => send({ error: '<!channel> & `x` '.repeat(200) })),
    400,
  );
  expect(text).toContain('… 475 more are not shown');
  expect(text).not.toContain('<!channel>');
});
