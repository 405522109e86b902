import type { WriteRecording } from '../domain/drill/recording.ts';
import type { Json } from '../domain/json.ts';
import { done } from '../domain/effect/outcome.ts';
import type { ChatMessage, ChatPort } from '../ports/chat.ts';

/** A chat that sends nothing: it writes down what a drill's effect would have sent. */
export function createRecorderChat(write: WriteRecording): ChatPort {
  return {
    health: () => Promise.resolve({ answers: true, problem: null }),
    async openChannel({ name, owner }) {
      await write({ call: 'channel', target: `#${name}`, text: `opens #${name}`, body: { name, owner } });
      return done({ channel: `drill:${name}`, name });
    },
    async invite(channel, users) {
      await write({ call: 'invite', target: channel, text: `invites ${users.join(', ')}`, body: { users } });
      return done({ skipped: [] });
    },
    async setTopic(channel, topic) {
      await write({ call: 'topic', target: channel, text: topic, body: { topic } });
      return done(undefined);
    },
    async post(to, message, key) {
      const ts = await write({ call: 'post', target: to, text: message.text, body: { ...bodyOf(message), key } });
      return done({ channel: to, ts });
    },
    // Writing it again changes nothing, so there is nothing to look for.
    find: () => Promise.resolve(done(null)),
    async attach(channel, ts, { name, title, text }) {
      await write({ call: 'file', target: `${channel} ${name}`, text: title, body: { ts, name, title, text } });
      return done(undefined);
    },
    async update(channel, ts, message) {
      await write({ call: 'update', target: channel, text: message.text, body: { ...bodyOf(message), ts } });
      return done(undefined);
    },
    async pin(channel, ts) {
      await write({ call: 'pin', target: channel, text: `pins message ${ts}`, body: { ts } });
      return done(undefined);
    },
    records: () => Promise.resolve(done([])),
    async archive(channel) {
      await write({ call: 'archive', target: channel, text: `archives ${channel}`, body: {} });
      return done(undefined);
    },
    async unarchive(channel) {
      await write({ call: 'unarchive', target: channel, text: `unarchives ${channel}`, body: {} });
      return done(undefined);
    },
  };
}

const bodyOf = ({ text, blocks, record, thread }: ChatMessage): Record<string, Json> => ({
  text,
  ...(blocks && { blocks: JSON.parse(JSON.stringify(blocks)) as Json }),
  ...(record !== undefined && { record }),
  ...(thread !== undefined && { thread }),
});
