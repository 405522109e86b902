import type pg from 'pg';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { done, rejected, retry } from '../src/domain/effect/outcome.ts';
import { pageAssigned, pageFailed } from '../src/domain/escalation/page-outcomes.ts';
import type { Job } from '../src/ports/job.ts';
import type { PagerPort } from '../src/ports/pager.ts';
import { databaseClock } from '../src/postgres/db.ts';
import { findPage } from '../src/store/page/pages.ts';
import { prepare } from './prepare.ts';

/** After so long without an incident in the pager there will be none, in ms. */
const GRACE_MS = 10 * 60_000;

/** Gives a page to the one person whom it names: the pager's integration asks whoever is on call behind it. */
export function pagerAssign(pool: pg.Pool, pager: Pick<PagerPort, 'assign'>): Job<'pager.assign'> {
  return {
    kind: 'pager.assign',
    async run(effect) {
      const { dedup_key, user } = effect.payload;
      const [page, now] = await prepare(() => Promise.all([findPage(pool, dedup_key), databaseClock(pool)]));
      if (!page || page.state !== 'triggered') return done({ skipped: page?.state ?? 'gone' });
      const assigned = await pager.assign(dedup_key, user);
      if (assigned.kind === 'done') return done({ assigned: true });
      if (assigned.kind === 'rejected') return assigned;
      const late = now.getTime() - effect.created_at.getTime() > GRACE_MS;
      if (late && assigned.kind === 'retry' && /has no incident/.test(assigned.reason))
        return rejected(assigned.reason);
      return assigned.kind === 'retry' ? assigned : retry(assigned.reason, 0); // it may be said twice
    },
    after(incident, effect, outcome) {
      const { dedup_key, person } = effect.payload;
      if (outcome.kind !== 'done') return pageFailed(incident, dedup_key, outcome.reason);
      return 'assigned' in outcome.value ? pageAssigned(incident, dedup_key, person) : NOTHING;
    },
  };
}
