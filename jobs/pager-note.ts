import type pg from 'pg';
import * as z from 'zod';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { Job } from '../src/ports/job.ts';
import type { PagerPort } from '../src/ports/pager.ts';
import { resultOf } from '../src/store/effect/effect-views.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { pagerNote as words } from '../templates/pager-event.ts';
import { prepare } from './prepare.ts';

const SENT = z.object({ sent: z.literal(true) });

/** Writes into the pager how a resolved incident ended; without the means to write notes there is nothing to do. */
export function pagerNote(pool: pg.Pool, pager: Pick<PagerPort, 'note' | 'notes'>): Job<'pager.note'> {
  return {
    kind: 'pager.note',
    async run({ payload }) {
      if (!pager.notes) return done({ skipped: 'the pager takes no notes from us' });
      const ready = await prepare(async () => {
        const { incident: id, dedup_key } = payload;
        const [incident, page] = await Promise.all([
          findIncident(pool, id),
          resultOf(pool, `pager:${dedup_key}:trigger`),
        ]);
        if (!incident) return rejected('the incident does not exist');
        if (incident.resolved_at === null) return done({ skipped: 'the incident is open again' });
        // The pager would never have an incident for it, and asking would go on for a day.
        if (!SENT.safeParse(page).success) return done({ skipped: 'the page never went out' });
        return done({ dedup_key, note: words(incident) });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const noted = await pager.note(ready.value.dedup_key, ready.value.note);
      return noted.kind === 'done' ? done(null) : noted;
    },
  };
}
