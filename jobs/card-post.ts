import { NOTHING } from '../src/domain/effect/decision.ts';
import { done } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { cardPosted, postCard, readCard } from './card-message.ts';
import type { FactsDeps } from './facts.ts';
import { prepare } from './prepare.ts';

/** Posts the incident's one card; from then on it is edited. */
export function cardPost(deps: FactsDeps, chat: Pick<ChatPort, 'post' | 'find'>): Job<'card.post'> {
  return {
    kind: 'card.post',
    async run({ payload, attempts, unknown_since }) {
      const card = await prepare(() => readCard(deps, payload.incident));
      if (card.kind !== 'done') return card;
      const { incident } = card.value;
      if (incident.card_ts !== null) return done({ skipped: 'the card is there' });
      // Before its first try there can be none to find.
      const since = attempts === 1 && unknown_since === null ? null : (unknown_since ?? incident.declared_at);
      return postCard(chat, card.value, since);
    },
    after: (incident, _effect, outcome) =>
      outcome.kind === 'done' && 'ts' in outcome.value ? cardPosted(incident, outcome.value) : NOTHING,
  };
}
