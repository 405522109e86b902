import type pg from 'pg';
import { z } from 'zod';
import type { Estate } from '../src/domain/estate-model.ts';
import type { Json } from '../src/domain/json.ts';
import { rejected, type Outcome } from '../src/domain/outcome.ts';
import { LifeboatError } from '../src/errors.ts';
import type { ChatMessage, ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { incidentFacts } from '../src/store/incident-facts.ts';
import { findIncident } from '../src/store/incidents.ts';
import type { Templates } from '../templates/engine.ts';
import { placeOf, postOnce } from './post-once.ts';

const PAYLOAD = z.object({
  incident: z.number(),
  template: z.string(),
  to: z.string(),
  params: z.record(z.string(), z.custom<Json>()),
});

interface Deps {
  pool: pg.Pool;
  estate: () => Estate;
  chat: Pick<ChatPort, 'post' | 'find'>;
  templates: Templates;
}

/** Words a message from the facts of this moment and posts it once. */
export function messagePost({ pool, estate, chat, templates }: Deps): Job {
  return {
    kind: 'message.post',
    pace_ms: 1000,
    async run(effect): Promise<Outcome<Json>> {
      const input = PAYLOAD.parse(effect.payload);
      const incident = await findIncident(pool, input.incident);
      if (!incident) return rejected('the incident does not exist');
      const place = placeOf(incident, input.to);
      if (place.kind !== 'done') return place;
      const facts = await incidentFacts(pool, estate(), incident);
      const message = word(() => templates.render(input.template, facts, input.params));
      if (message.kind !== 'done') return message;
      return postOnce(chat, effect, place.value, message.value, { urgent: input.template === 'page' });
    },
  };
}

/** A template with a field missing is not sent; the reason names the field. */
function word(render: () => ChatMessage): Outcome<ChatMessage> {
  try {
    return { kind: 'done', value: render() };
  } catch (error) {
    if (error instanceof LifeboatError) return rejected(error.message);
    throw error;
  }
}
