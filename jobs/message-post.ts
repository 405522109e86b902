import type pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import { anchorOf } from '../src/domain/incident/record.ts';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import type { Json } from '../src/domain/json.ts';
import { incidentFacts } from '../src/store/incident/incident-facts.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { findPage } from '../src/store/page/pages.ts';
import type { Templates } from '../templates/engine.ts';
import { prepare } from './prepare.ts';
import { placeOf, postOnce } from './post-once.ts';

interface Deps {
  pool: pg.Pool;
  estate: () => Estate;
  chat: Pick<ChatPort, 'post' | 'find'>;
  templates: Templates;
}

/** Words a message from the facts of this moment and posts it once. */
export function messagePost({ pool, estate, chat, templates }: Deps): Job<'message.post'> {
  return {
    kind: 'message.post',
    pace_ms: 1000,
    async run(effect) {
      const ready = await prepare(async () => {
        const input = effect.payload;
        const incident = await findIncident(pool, input.incident);
        if (!incident) return rejected('the incident does not exist');
        if (input.template === 'page' && (await isAnswered(pool, input.params['dedup_key'])))
          return done({ skipped: 'somebody answered the page' });
        const place = placeOf(incident, input.to);
        if (place.kind !== 'done') return place;
        const facts = await incidentFacts(pool, estate(), incident);
        const rendered = templates.render(input.template, facts, input.params);
        const record = input.to === 'incident' ? anchorOf(incident) : null;
        const message = record === null ? rendered : { ...rendered, record };
        return done({ to: place.value, message, urgent: input.template === 'page' });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const { to, message, urgent } = ready.value;
      return postOnce(chat, effect, to, message, { urgent });
    },
  };
}

async function isAnswered(pool: pg.Pool, dedup_key: Json | undefined): Promise<boolean> {
  const page = typeof dedup_key === 'string' ? await findPage(pool, dedup_key) : null;
  return page !== null && page.state !== 'triggered';
}
