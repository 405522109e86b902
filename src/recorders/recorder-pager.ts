import type { WriteRecording } from '../domain/drill/recording.ts';
import { done, rejected } from '../domain/effect/outcome.ts';
import type { PagerPort } from '../ports/pager.ts';

/** A pager that wakes nobody: it writes down what a drill's effect would have sent. `notes`: whether the real one takes any. */
export function createRecorderPager(write: WriteRecording, notes: boolean): PagerPort {
  return {
    async send(event) {
      const { action, dedup_key, role, summary } = event;
      await write({
        call: 'page',
        target: `${role} ${dedup_key}`,
        text: action === 'trigger' ? summary : `${action}s the page`,
        body: { ...event },
      });
      return done(undefined);
    },
    tells: false,
    arrived: () => Promise.resolve(done(true)),
    assigns: true,
    async assign(dedup_key, user) {
      await write({ call: 'assign', target: dedup_key, text: `assigns the page to ${user}`, body: { user } });
      return done(undefined);
    },
    ownKey: () => false,
    onCall: () => Promise.resolve(rejected('a drill asks no schedule')),
    notes,
    async note(dedup_key, text) {
      await write({ call: 'note', target: dedup_key, text, body: { text } });
      return done(undefined);
    },
  };
}
