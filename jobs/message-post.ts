import type pg from 'pg';
import * as z from 'zod';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { messageRefused } from '../src/domain/incident/deliveries.ts';
import type { ReadSchedules } from '../src/domain/estate/holders.ts';
import { anchorOf } from '../src/domain/incident/record.ts';
import { detailFor } from '../src/domain/incident/detail.ts';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import type { Json } from '../src/domain/json.ts';
import { resultOf } from '../src/store/effect/effect-views.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { findPage } from '../src/store/page/pages.ts';
import type { Templates } from '../templates/engine.ts';
import { readFacts, type FactsDeps } from './facts.ts';
import { prepare } from './prepare.ts';
import { placeOf, postOnce } from './post-once.ts';

interface Deps extends FactsDeps {
  chat: Pick<ChatPort, 'post' | 'find'>;
  templates: Templates;
}

/** Words a message from the facts of this moment and posts it once. */
export function messagePost({ chat, templates, ...deps }: Deps): Job<'message.post'> {
  const { pool } = deps;
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
        // A page names nobody but its reader, and waits for no schedule.
        const facts = await readFacts(input.template === 'page' ? { ...deps, schedules: UNASKED } : deps, incident);
        const rendered = templates.render(input.template, facts, input.params, detailFor(input.to));
        const record = input.to === 'incident' ? anchorOf(incident) : null;
        const below = input.below === undefined ? null : placeIn(await resultOf(pool, input.below));
        const message = {
          ...rendered,
          ...(record !== null && { record }),
          ...(below !== null && { thread: below.ts }),
        };
        return done({ to: below?.channel ?? place.value, message, urgent: input.template === 'page' });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const { to, message, urgent } = ready.value;
      const posted = await postOnce(chat, effect, to, message, { urgent });
      if (posted.kind !== 'rejected' || !posted.reason.includes('thread_not_found')) return posted;
      // Somebody deleted the post above: better said beside it than not at all.
      const { thread: _gone, ...alone } = message;
      return postOnce(chat, effect, to, alone, { urgent });
    },
    /** Whoever looks at the card has to know whom nobody told. */
    failed(incident, effect, outcome) {
      if (!('reason' in outcome)) return NOTHING;
      const { template, to } = effect.payload;
      return messageRefused(incident, { effect: effect.key, template, to, reason: outcome.reason });
    },
  };
}

/** Where a message stands that was sent; null for one that was not, below which nothing can stand. */
function placeIn(sent: Json): { channel: string; ts: string } | null {
  const place = PLACE.safeParse(sent);
  return place.success ? place.data : null;
}

const PLACE = z.object({ channel: z.string(), ts: z.string() });

const UNASKED: ReadSchedules = () => Promise.resolve({});

async function isAnswered(pool: pg.Pool, dedup_key: Json | undefined): Promise<boolean> {
  const page = typeof dedup_key === 'string' ? await findPage(pool, dedup_key) : null;
  return page !== null && page.state !== 'triggered';
}
