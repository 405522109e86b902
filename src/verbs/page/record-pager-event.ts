import { acknowledge } from '../../domain/incident/decisions.ts';
import { merge, NOTHING } from '../../domain/effect/decision.ts';
import { cardIntent, postsIntent } from '../../domain/effect/intents.ts';
import { advancePage, findPage, movePages } from '../../store/page/pages.ts';
import { changeIncident, type Request, type VerbDeps } from '../context.ts';

/**
 * Takes what somebody did to a page in the pager. An acknowledgement stops the ladder as `/dr ack` does; a resolved
 * page counts as answered too, and is noted, but the incident stays open until a person resolves it here.
 */
export async function recordPagerEvent(
  deps: VerbDeps,
  request: Request,
  { dedup_key, kind }: { dedup_key: string; kind: 'acknowledged' | 'resolved' },
): Promise<void> {
  const known = await findPage(deps.pool, dedup_key);
  if (!known) return;
  await changeIncident(deps, known.incident_id, request, async ({ tx, incident, now }) => {
    const page = (await findPage(tx, dedup_key)) ?? known; // again, now that no ladder can take it over
    await advancePage(tx, dedup_key, kind);
    const noted = {
      events: [{ kind: `page.${kind}`, actor: request.actor, data: { dedup_key, role: page.role } }],
      effects: [
        cardIntent(incident.id, `page:${incident.chain_seq}`),
        postsIntent(incident.id, `page:${incident.chain_seq}`),
      ],
    };
    // Who answers a page of a ladder that was replaced may not know what the new one asks for.
    const current = page.ladder === 0 || page.ladder === incident.ladder;
    if (!current || incident.state !== 'open' || incident.acknowledged_at !== null) return merge(NOTHING, noted);
    const others = await movePages(tx, incident.id, 'acknowledged');
    return merge(noted, acknowledge(incident, request.actor, others, now));
  });
}
