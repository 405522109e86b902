import { done, retry } from '../src/domain/effect/outcome.ts';
import type { ChatMessage, ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { buttonedPosts } from '../src/store/effect/effect-views.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import type { Templates } from '../templates/engine.ts';
import { readFacts, type FactsDeps } from './facts.ts';
import { prepare } from './prepare.ts';

interface Deps extends FactsDeps {
  chat: Pick<ChatPort, 'update'>;
  templates: Templates;
}

/** Words again what was posted with buttons, in channels and in direct messages: what is over loses them. */
export function postsRender({ chat, templates, ...from }: Deps): Job<'posts.render'> {
  return {
    kind: 'posts.render',
    async run({ payload }) {
      const ready = await prepare(async () => {
        const [incident, posts] = await Promise.all([
          findIncident(from.pool, payload.incident),
          buttonedPosts(from.pool, payload.incident),
        ]);
        // One that is being sent may have been worded before what this is about.
        if (posts.some(({ state }) => state === 'running')) return retry('a message is on its way', 1000);
        const sent = posts.filter(({ place }) => place !== null);
        if (!incident || sent.length === 0) return done([]);
        const facts = await readFacts(from, incident);
        return done(
          sent.flatMap(({ place, template, params }): { channel: string; ts: string; message: ChatMessage }[] =>
            place === null ? [] : [{ ...place, message: templates.render(template, facts, params) }],
          ),
        );
      });
      if (ready.kind !== 'done') return ready;
      for (const { channel, ts, message } of ready.value) {
        const updated = await chat.update(channel, ts, message);
        // A message that is gone has no buttons either.
        if (updated.kind === 'retry' || updated.kind === 'unknown') return updated;
      }
      return done(null);
    },
  };
}
