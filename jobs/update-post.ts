import { NOTHING } from '../src/domain/effect/decision.ts';
import { postIntent } from '../src/domain/effect/intents.ts';
import { readerOrdering } from '../src/domain/effect/ordering.ts';
import { done, rejected, retry, type Outcome } from '../src/domain/effect/outcome.ts';
import { holdersIn } from '../src/domain/estate/holders.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { LIFEBOAT, slackOf } from '../src/domain/estate/people.ts';
import { updateRefused } from '../src/domain/incident/deliveries.ts';
import { detailFor } from '../src/domain/incident/detail.ts';
import type { IncidentFacts } from '../src/domain/incident/facts.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { newsKinds, QUIET_UPDATES } from '../src/domain/incident/news.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { isBusy } from '../src/store/effect/effect-views.ts';
import { readHolders } from '../src/store/incident/holders.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { lastUpdate, newestOf, type ToldUpdate } from '../src/store/incident/told.ts';
import { COMMANDER } from '../templates/people-words.ts';
import type { Templates } from '../templates/engine.ts';
import { readFacts, type FactsDeps } from './facts.ts';
import { placeOf, postOnce, type Posted } from './post-once.ts';
import { prepare } from './prepare.ts';

/** How long an update waits before it looks again whether its reader's messages are through, in ms. */
const GIVE_WAY_MS = 1000;

interface Deps extends FactsDeps {
  chat: Pick<ChatPort, 'post' | 'find' | 'update'>;
  templates: Templates;
}

/**
 * Posts the automatic update after the messages that people wait for; one that was overtaken is dropped. Without news for
 * its reader it is one line, which later ones of that kind edit; after some of them the commander is asked for words.
 */
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
        const [last, unchanged] = await changesFor(deps, incident, to);
        const facts = await readFacts(deps, incident);
        const template = unchanged === null ? 'status-update' : 'no-change';
        const params = { text: null, actor: LIFEBOAT, at: unchanged?.toISOString() ?? null };
        const message = templates.render(template, facts, params, detailFor(to));
        const quiet = unchanged === null ? 0 : (last?.quiet ?? 0) + 1;
        const ask = to === 'incident' && quiet >= QUIET_UPDATES ? await commanders(deps, facts) : [];
        return done({ place: place.value, message, last, told: { seq: incident.chain_seq, quiet, ask } });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const { place, message, last, told } = ready.value;
      const posted =
        (told.quiet > 0 ? await editLast(last, message) : null) ?? (await postOnce(chat, effect, place, message));
      return posted.kind === 'done' ? done({ ...posted.value, ...told }) : posted;
    },
    /** Asks once for each silence: what a person writes, or a new severity, begins another. */
    after(incident, _effect, outcome) {
      if (outcome.kind !== 'done' || !('seq' in outcome.value)) return NOTHING;
      const key = `words-wanted:${incident.cadence}`;
      const asked = outcome.value.ask.map((to) =>
        postIntent({ incident: incident.id, key, template: 'words-wanted', to, params: {} }),
      );
      return { events: [], effects: incident.state === 'open' ? asked : [] };
    },
    failed: (incident, { payload }, outcome) =>
      outcome.kind === 'rejected' ? updateRefused(incident, payload.to, outcome.reason) : NOTHING,
  };

  /** Null where there is no line to edit, or it is gone. */
  async function editLast(
    last: ToldUpdate | null,
    message: Parameters<ChatPort['update']>[2],
  ): Promise<Outcome<Posted> | null> {
    if (last === null || last.quiet === 0) return null;
    const { channel, ts } = last;
    const updated = await chat.update(channel, ts, message);
    if (updated.kind === 'done') return done({ channel, ts });
    return updated.kind === 'rejected' ? null : updated;
  }
}

/** What the reader was told last, and since when nothing that they would see has changed; null where something has. */
async function changesFor(
  { pool }: Pick<FactsDeps, 'pool'>,
  { id }: Incident,
  to: string,
): Promise<[ToldUpdate | null, Date | null]> {
  const [last, { news, written }] = await Promise.all([
    lastUpdate(pool, id, to),
    newestOf(pool, id, newsKinds(detailFor(to))),
  ]);
  // The declaration, which is the first event, and what a person writes are told in messages of their own.
  const told = Math.max(1, last?.seq ?? 0, written?.seq ?? 0);
  if (news === null || news.seq > told) return [last, null];
  return [last, written !== null && written.at > news.at ? written.at : news.at];
}

/** The Slack id of who leads: the commander, else who holds the role, else who acknowledged. */
async function commanders(deps: FactsDeps, { estate, incident, roles }: IncidentFacts): Promise<string[]> {
  const assigned = roles.findLast(({ role }) => role === COMMANDER)?.person;
  const person = assigned ?? (await firstHolder(deps, estate, incident.id)) ?? incident.acknowledged_by;
  const slack = person === null ? null : slackOf(estate, person);
  return slack === null ? [] : [slack];
}

async function firstHolder({ pool, schedules }: FactsDeps, estate: Estate, id: number): Promise<string | null> {
  if (!Object.hasOwn(estate.roles, COMMANDER)) return null;
  const [first] = holdersIn(await readHolders(pool, estate, schedules, id, [COMMANDER]), COMMANDER).people;
  return first ?? null;
}
