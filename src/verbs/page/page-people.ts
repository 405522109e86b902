import { assignIntent, invitation, manualPage, pageEffects } from '../../domain/escalation/escalation.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { cardIntent, continuedIntents, postIntent } from '../../domain/effect/intents.ts';
import { needShort, TEXT_LIMIT } from '../../domain/text/limits.ts';
import { changeIncident, needOpen, type Request, type VerbDeps } from '../context.ts';

export interface PageInput {
  role: string; // a role of the estate, or a person's name when one person is meant
  people: string[];
  text: string | null;
  /** The pager's user whom the page is to be given to; null where a role is meant, or the pager cannot. */
  assign: string | null;
}

/** Pages a role or a person now, outside any ladder. */
export function pagePeople(deps: VerbDeps, request: Request, id: number, input: PageInput): Promise<Incident> {
  const estate = deps.estate();
  needShort(
    input.text,
    'the text of the page',
    TEXT_LIMIT,
    'page with what they need first, and post the rest with `/dr update`',
  );
  return changeIncident(deps, id, request, ({ incident }) => {
    needOpen(incident, 'page anyone');
    const page = manualPage(estate, incident, { ...input, nonce: String(incident.chain_seq + 1) });
    const version = `page:${incident.chain_seq}`;
    return {
      events: [
        {
          kind: 'page.asked',
          actor: request.actor,
          data: { role: input.role, people: input.people, text: input.text },
        },
      ],
      pages: [page],
      effects: [
        ...pageEffects(estate, incident, page),
        ...(input.assign === null ? [] : [assignIntent(id, page.dedup_key, input.assign, input.role)]),
        postIntent({
          incident: id,
          key: version,
          template: 'paged',
          to: 'incident',
          params: { role: input.role, people: input.people, text: input.text, actor: request.actor },
        }),
        ...continuedIntents({ incident: id, key: version, to: 'incident' }, input.text ?? ''),
        ...invitation(incident, [page], version),
        cardIntent(id, version),
      ],
    };
  });
}
