import { takePagerNews, type PagerNews } from '../../domain/escalation/pager-news.ts';
import { NOTHING } from '../../domain/effect/decision.ts';
import { changePage, findPage, findPageByPagerId } from '../../store/page/pages.ts';
import { changeIncident, type Request, type VerbDeps } from '../context.ts';

/** What the pager names its incident by: our key of the page, or its own id, or both. */
export interface PagerIncident {
  dedup_key: string | null;
  pager_id: string | null;
}

/**
 * Takes what happened to a page in the pager; null where there is only an id to remember. An acknowledgement answers that
 * page, and the first one stops the ladder as `/dr ack` does. A resolved page counts as answered too, but the incident
 * stays open until a person resolves it here.
 */
export async function recordPagerEvent(
  deps: VerbDeps,
  request: Request,
  { dedup_key, pager_id }: PagerIncident,
  news: PagerNews | null,
): Promise<void> {
  const byKey = dedup_key === null ? null : await findPage(deps.pool, dedup_key);
  const known = byKey ?? (pager_id === null ? null : await findPageByPagerId(deps.pool, pager_id));
  if (!known) return;
  await changeIncident(deps, known.incident_id, request, async ({ tx, incident, now }) => {
    const page = (await findPage(tx, known.dedup_key)) ?? known; // again, now that no ladder can take it over
    const taken = news && takePagerNews(deps.estate(), incident, page, news, now);
    await changePage(tx, page.dedup_key, taken?.change ?? page, pager_id, now);
    return taken?.decision ?? NOTHING;
  });
}
