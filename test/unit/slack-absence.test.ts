import { beforeEach, expect, test } from 'vitest';
import { createAbsence, type Absence } from '../../src/adapters/slack/absence.ts';
import { done, rejected, retry } from '../../src/domain/effect/outcome.ts';

let clock = 0;
let absence: Absence;
beforeEach(() => {
  clock = 0;
  absence = createAbsence(() => clock);
});
const search = (urgent: boolean) => ({ to: 'U01ANA', key: 'k', since: new Date(0), urgent });
const judge = (reading: Parameters<Absence['judge']>[1], urgent = false) => absence.judge(search(urgent), reading);
const unreadable = retry('the history cannot be read');

test('a message is absent after three readings with growing pauses, not after one', () => {
  expect(judge(done(null))).toMatchObject({ kind: 'retry', after_ms: 1_000 });
  expect(judge(done(null))).toMatchObject({ kind: 'retry', after_ms: 2_000 });
  expect(judge(done(null))).toEqual(done(null));
});

test('a message that a late reading shows is found', () => {
  judge(done(null));
  judge(done(null));
  expect(judge(done({ channel: 'D1', ts: '1.1' }))).toEqual(done({ channel: 'D1', ts: '1.1' }));
});

test('a reading that failed is no sign of absence', () => {
  judge(done(null));
  judge(done(null));
  expect(judge(unreadable)).toEqual(unreadable);
  expect(judge(done(null))).toEqual(done(null));
});

test('an urgent message is posted again only when its history stayed unreadable, any other waits for it', () => {
  for (const at of [0, 2_000, 6_000]) {
    clock = at;
    expect(judge(unreadable, true)).toEqual(unreadable);
  }
  clock = 14_000;
  expect(judge(unreadable, true)).toEqual(unreadable);
  clock = 15_000;
  expect(judge(unreadable, true)).toEqual(done(null));
  for (let n = 0; n < 20; n += 1) {
    clock += 30_000;
    expect(judge(unreadable)).toEqual(unreadable);
  }
});

test('four quick failures are no long silence, and one failure after a long pause neither', () => {
  for (let n = 0; n < 5; n += 1) expect(judge(unreadable, true)).toEqual(unreadable);
  absence.forget('k');
  judge(unreadable, true);
  clock = 3_600_000;
  expect(judge(unreadable, true)).toEqual(unreadable);
});

test('another attempt to post makes earlier readings void, and a refusal of the history is handed on', () => {
  judge(done(null));
  judge(done(null));
  absence.forget('k');
  expect(judge(done(null))).toMatchObject({ kind: 'retry' });
  const refused = rejected('channel_not_found: no such channel');
  expect(judge(refused)).toEqual(refused);
});
