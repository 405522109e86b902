import { NOTHING } from '../src/domain/effect/decision.ts';
import { firstCardKey } from '../src/domain/effect/intents.ts';
import { done } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { isOpen } from '../src/store/effect/effect-views.ts';
import { cardPosted, postCard, readCard } from './card-message.ts';
import type { FactsDeps } from './facts.ts';
import { prepare } from './prepare.ts';
import { untilUnarchived } from './until-unarchived.ts';

/** Shows the incident as it is now on its one card; a card that somebody deleted, or that never came, is posted. */
export function cardRender(deps: FactsDeps, chat: Pick<ChatPort, 'post' | 'find' | 'update'>): Job<'card.render'> {
  return {
    kind: 'card.render',
    async run(effect) {
      const card = await prepare(async () => {
        const read = await readCard(deps, effect.payload.incident);
        const first = read.kind === 'done' && read.value.incident.card_ts === null;
        if (first && (await isOpen(deps.pool, firstCardKey(effect.payload.incident)))) return null;
        return read;
      });
      if (card === null) return done({ skipped: 'the first card is on its way' });
      if (card.kind !== 'done') return card;
      const { incident, to, message } = card.value;
      if (incident.card_ts !== null) {
        const updated = await chat.update(to, incident.card_ts, message);
        if (updated.kind === 'done') return done(null);
        if (updated.kind !== 'rejected' || !isGone(updated.reason)) return untilUnarchived(incident, updated);
      }
      return postCard(chat, card.value, effect.unknown_since ?? incident.declared_at);
    },
    after: (incident, _effect, outcome) =>
      outcome.kind === 'done' && outcome.value !== null && 'ts' in outcome.value
        ? cardPosted(incident, outcome.value)
        : NOTHING,
  };
}

const isGone = (reason: string): boolean => /message_not_found|edit_window_closed|cant_update_message/.test(reason);
