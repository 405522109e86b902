import { readerOrdering } from '../src/domain/effect/ordering.ts';
import { done, rejected, retry } from '../src/domain/effect/outcome.ts';
import { LIFEBOAT } from '../src/domain/estate/people.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { isBusy } from '../src/store/effect/effect-views.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import type { Templates } from '../templates/engine.ts';
import { readFacts, type FactsDeps } from './facts.ts';
import { placeOf, postOnce } from './post-once.ts';
import { prepare } from './prepare.ts';

/** How long an update waits before it looks again whether its reader's messages are through, in ms. */
const GIVE_WAY_MS = 1000;

interface Deps extends FactsDeps {
  chat: Pick<ChatPort, 'post' | 'find'>;
  templates: Templates;
}

/** Posts the automatic update after the messages that people wait for; one that was overtaken is dropped. */
export function updatePost({ chat, templates, ...deps }: Deps): Job<'update.post'> {
  const { pool } = deps;
  const readerOf = ({ incident, to }: { incident: number; to: string }): string => readerOrdering(incident, to);
  return {
    kind: 'update.post',
    pace_ms: 1000,
    paces: ({ payload }) => readerOf(payload),
    async run(effect) {
      const { incident: id, to, cadence } = effect.payload;
      const ready = await prepare(async () => {
        const incident = await findIncident(pool, id);
        if (!incident) return rejected('the incident does not exist');
        if (incident.state !== 'open') return done({ skipped: `the incident is ${incident.state}` });
        if (incident.cadence !== cadence) return done({ skipped: 'a newer update was posted' });
        if (await isBusy(pool, readerOf(effect.payload))) return retry('other messages go first', GIVE_WAY_MS);
        const place = placeOf(incident, to);
        if (place.kind !== 'done') return place;
        const params = { text: null, actor: LIFEBOAT };
        const message = templates.render('status-update', await readFacts(deps, incident), params);
        return done({ place: place.value, message });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      return postOnce(chat, effect, ready.value.place, ready.value.message);
    },
  };
}
