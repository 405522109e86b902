import type pg from 'pg';
import { NOTHING } from '../src/domain/effect/decision.ts';
import type { ClaimedEffect } from '../src/domain/effect/effect.ts';
import { done, rejected, type Outcome } from '../src/domain/effect/outcome.ts';
import { pageConfirmed, pageFailed, pageUnconfirmed } from '../src/domain/escalation/page-outcomes.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Job } from '../src/ports/job.ts';
import type { PagerPort } from '../src/ports/pager.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { findPage } from '../src/store/page/pages.ts';
import { pagerEvent } from '../templates/pager-event.ts';
import { prepare } from './prepare.ts';
import { createTroubleClock, type TroubleClock } from './trouble-clock.ts';

/** So long a refusal that a setting or a proxy may explain is taken for an outage, in ms. */
const REFUSED_PATIENCE_MS = 15 * 60_000;

type Pager = Pick<PagerPort, 'send' | 'tells'>;

/** Triggers, acknowledges or resolves one page. A page that somebody answered meanwhile is not triggered any more. */
export function pagerSend(
  pool: pg.Pool,
  estate: () => Estate,
  pager: Pager,
  refused = createTroubleClock(),
): Job<'pager.send'> {
  return {
    kind: 'pager.send',
    async run(effect) {
      const ready = await prepare(async () => {
        const { incident: id, dedup_key, action } = effect.payload;
        const [incident, page] = await Promise.all([findIncident(pool, id), findPage(pool, dedup_key)]);
        if (!incident || !page) return rejected('the page does not exist');
        if (action === 'trigger' && page.state !== 'triggered') return done({ skipped: page.state });
        return done({ event: pagerEvent(page, incident, estate(), action) });
      });
      if (ready.kind !== 'done') return ready;
      if (!('event' in ready.value)) return done(ready.value);
      return inTime(effect, await pager.send(ready.value.event), refused);
    },
    meanwhile(incident, effect, outcome, now) {
      const { dedup_key, action } = effect.payload;
      if (action !== 'trigger' || !('reason' in outcome)) return NOTHING;
      const waited = now.getTime() - effect.created_at.getTime();
      const refusal = outcome.kind === 'retry' && outcome.refused === true;
      return pageUnconfirmed(incident, { dedup_key, reason: outcome.reason, waited, tries: effect.attempts, refusal });
    },
    after(incident, effect, outcome, now) {
      const { dedup_key, action } = effect.payload;
      if (action !== 'trigger') return NOTHING;
      if (outcome.kind !== 'done') return pageFailed(incident, dedup_key, outcome.reason);
      if (!('sent' in outcome.value)) return NOTHING;
      const waited = now.getTime() - effect.created_at.getTime();
      return pageConfirmed(incident, { dedup_key, waited, tries: effect.attempts, lookUp: pager.tells ? now : null });
    },
  };
}

/** The dedup key makes a repeat harmless, so an unknown event is simply sent again; a refusal only for a while. */
function inTime({ key }: ClaimedEffect, sent: Outcome, refused: TroubleClock): Outcome<{ sent: true }> {
  if (sent.kind === 'retry' && sent.refused === true) {
    if (refused.since(key) < REFUSED_PATIENCE_MS) return sent;
    refused.clear(key);
    return rejected(`${sent.reason} (tried again for 15 minutes)`);
  }
  refused.clear(key);
  if (sent.kind === 'unknown') return { kind: 'retry', after_ms: 0, reason: sent.reason };
  return sent.kind === 'done' ? done({ sent: true }) : sent;
}
