import type { Decision } from '../effect/decision.ts';
import { merge } from '../effect/decision.ts';
import { postIntent, postsIntent } from '../effect/intents.ts';
import { readersOf } from '../audience/told.ts';
import type { Estate } from '../estate/model.ts';
import { undirected } from '../text/invisible.ts';
import { LifeboatError } from '../../runtime/errors.ts';
import { inviteOf, shown } from './decisions.ts';
import type { Incident } from './incident.ts';

/* What an incident is: its title, and the service that is hit. */

/** Slack: a header block holds 150 characters. */
export const TITLE_LIMIT = 150;

/** The title that was given, as it is kept; throws what is wrong with it. `usage`: how it would be typed. */
export function needTitle(typed: string, usage: string): string {
  const title = undirected(typed.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')).trim();
  // Invisible words would leave every message without a title, and such messages are not sent.
  if (!/[^\p{C}\p{Z}\p{M}]/u.test(title)) throw new LifeboatError('invalid', 'the title is empty', usage);
  if (title.length <= TITLE_LIMIT) return title;
  throw new LifeboatError(
    'invalid',
    `the title has ${title.length.toLocaleString('en')} characters`,
    `at most ${TITLE_LIMIT}; add the rest with \`/dr note\``,
  );
}

/** Topic and card follow; the channel keeps its name, which links and memories point to. */
export function changeTitle(incident: Incident, { to, actor }: { to: string; actor: string }): Decision {
  const version = `title:${incident.chain_seq}`;
  return merge(
    {
      incident: { title: to },
      events: [{ kind: 'incident.retitled', actor, data: { from: incident.title, to } }],
      effects: [postsIntent(incident.id, version)],
    },
    shown(incident, version),
  );
}

/** Whoever was told reads what is hit now, and the owner of the service is invited. */
export function changeService(
  estate: Estate,
  incident: Incident,
  { to, actor }: { to: string | null; actor: string },
): Decision {
  const version = `service:${incident.chain_seq}`;
  const readers = readersOf(estate, incident);
  const params = { actor, service: to, before: incident.service };
  return merge(
    {
      incident: { service: to },
      events: [{ kind: 'incident.service_changed', actor, data: { from: incident.service, to } }],
      effects: [
        ...readers.map((each) =>
          postIntent({ incident: incident.id, key: version, template: 'service-changed', to: each, params }),
        ),
        inviteOf(estate, { ...incident, service: to }, version),
      ],
    },
    shown(incident, version),
  );
}
