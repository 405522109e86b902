import type pg from 'pg';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { roleIn } from '../src/domain/escalation/escalation.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { postIntent } from '../src/domain/effect/intents.ts';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import { LIFEBOAT } from '../src/domain/estate/people.ts';
import type { Job } from '../src/ports/job.ts';
import type { PagerPort } from '../src/ports/pager.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { findPage } from '../src/store/page/pages.ts';
import { pagerEvent } from '../templates/pager-event.ts';
import { prepare } from './prepare.ts';

/** Triggers, acknowledges or resolves one page. A page that somebody answered meanwhile is not triggered any more. */
export function pagerSend(pool: pg.Pool, estate: () => Estate, pager: Pick<PagerPort, 'send'>): Job<'pager.send'> {
  return {
    kind: 'pager.send',
    async run({ payload }) {
      const ready = await prepare(async () => {
        const { incident: id, dedup_key, action } = payload;
        const [incident, page] = await Promise.all([findIncident(pool, id), findPage(pool, dedup_key)]);
        if (!incident || !page) return rejected('the page does not exist');
        if (action === 'trigger' && page.state !== 'triggered') return done({ skipped: page.state });
        return done({ event: pagerEvent(page, incident, estate(), action) });
      });
      if (ready.kind !== 'done') return ready;
      if (!('event' in ready.value)) return done(ready.value);
      const sent = await pager.send(ready.value.event);
      // The dedup key makes a repeat harmless, so an unknown page is simply sent again.
      if (sent.kind === 'unknown') return { kind: 'retry', after_ms: 0, reason: sent.reason };
      return sent.kind === 'done' ? done({ sent: true }) : sent;
    },
    after(incident, { payload: { dedup_key, action } }, outcome) {
      if (action !== 'trigger') return NOTHING;
      if (outcome.kind === 'done') {
        if (!('sent' in outcome.value)) return NOTHING;
        return { events: [{ kind: 'page.sent', actor: LIFEBOAT, data: { dedup_key } }], effects: [] };
      }
      const reason = 'reason' in outcome ? outcome.reason : '';
      const role = roleIn(dedup_key);
      return {
        events: [{ kind: 'page.failed', actor: LIFEBOAT, data: { dedup_key, reason } }],
        effects: [
          postIntent({
            incident: incident.id,
            key: `page-failed:${dedup_key}`,
            template: 'page-failed',
            to: 'incident',
            params: { role, reason },
          }),
        ],
      };
    },
  };
}
