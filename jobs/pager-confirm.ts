import type pg from 'pg';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { done, rejected, retry } from '../src/domain/effect/outcome.ts';
import { pageFailed } from '../src/domain/escalation/page-outcomes.ts';
import type { Job } from '../src/ports/job.ts';
import type { PagerPort } from '../src/ports/pager.ts';
import { databaseClock } from '../src/postgres/db.ts';
import { findPage } from '../src/store/page/pages.ts';
import { prepare } from './prepare.ts';

/** After so long without an incident there will be none, in ms from the pager's answer. */
const GRACE_MS = 30_000;
const AGAIN_MS = 5_000;
/** So long it is asked while the pager does not tell, in ms; then the page stays as accepted. */
const SILENCE_MS = 10 * 60_000;

const NO_INCIDENT =
  'PagerDuty accepted the page, but opened no incident for it: its service may be disabled, in maintenance, or its rules may suppress or merge it';

/** Looks whether the pager has an incident for a page that it accepted. */
export function pagerConfirm(pool: pg.Pool, pager: Pick<PagerPort, 'arrived'>): Job<'pager.confirm'> {
  return {
    kind: 'pager.confirm',
    async run(effect) {
      const { dedup_key } = effect.payload;
      const [page, now] = await prepare(() => Promise.all([findPage(pool, dedup_key), databaseClock(pool)]));
      if (!page || page.state !== 'triggered') return done({ skipped: page?.state ?? 'gone' });
      const found = await pager.arrived(dedup_key);
      const age = now.getTime() - effect.created_at.getTime();
      if (found.kind === 'done') {
        if (found.value) return done({ arrived: true });
        return age < GRACE_MS ? retry('PagerDuty has no incident for the page yet', AGAIN_MS) : rejected(NO_INCIDENT);
      }
      // What cannot be read says nothing of the page.
      if (found.kind === 'rejected' || age > SILENCE_MS) return done({ arrived: null, reason: found.reason });
      return retry(found.reason, found.kind === 'retry' ? found.after_ms : 0);
    },
    after: (incident, effect, outcome) =>
      outcome.kind === 'rejected' ? pageFailed(incident, effect.payload.dedup_key, outcome.reason) : NOTHING,
  };
}
