import * as z from 'zod';
import { NOTHING } from '../src/domain/effect/decision.ts';
import { messageRefused } from '../src/domain/incident/deliveries.ts';
import type { EffectPayloads } from '../src/domain/effect/effect.ts';
import { done, rejected, retry, type Outcome } from '../src/domain/effect/outcome.ts';
import type { Run } from '../src/domain/run/model.ts';
import { pausePostKey } from '../src/domain/run/pause-intent.ts';
import type { ChatMessage, ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { isOpen, resultOf } from '../src/store/effect/effect-views.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { findRun } from '../src/store/run/runs.ts';
import type { Templates } from '../templates/engine.ts';
import { readFacts, type FactsDeps } from './facts.ts';
import { placeOf, postOnce } from './post-once.ts';
import { prepare } from './prepare.ts';

interface Deps extends FactsDeps {
  chat: Pick<ChatPort, 'post' | 'find' | 'update'>;
  templates: Templates;
}

/** Says that a run is paused and what it waits for, with all that failed until then; a pause that is over says nothing. */
export function pausePost(deps: Deps): Job<'pause.post'> {
  return {
    kind: 'pause.post',
    pace_ms: 1000,
    async run(effect) {
      const ready = await prepare(async () => {
        const read = await readPause(deps, effect.payload);
        if (read.kind !== 'done') return read;
        const { run } = read.value;
        const isOver = run.state !== 'paused' || run.pauses !== effect.payload.pause;
        return isOver ? done({ skipped: 'the pause is over' }) : read;
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      return postOnce(deps.chat, effect, ready.value.to, ready.value.message, { urgent: true });
    },
    /** Nobody knows that the run waits for them. */
    failed(incident, effect, outcome) {
      if (!('reason' in outcome)) return NOTHING;
      const { reason } = outcome;
      return messageRefused(incident, { effect: effect.key, template: 'run-paused', to: 'incident', reason });
    },
  };
}

const POSTED = z.object({ channel: z.string(), ts: z.string() });

/** Edits the message of a pause: more failed, or somebody decided. */
export function pauseRender(deps: Deps): Job<'pause.render'> {
  return {
    kind: 'pause.render',
    async run({ payload }) {
      const ready = await prepare(async () => {
        const key = pausePostKey(payload.run, payload.pause);
        if (await isOpen(deps.pool, key)) return retry('its message is on its way', 1000);
        const posted = POSTED.safeParse(await resultOf(deps.pool, key));
        if (!posted.success) return done({ skipped: 'the pause was never posted' });
        const read = await readPause(deps, payload);
        return read.kind === 'done' ? done({ ...posted.data, message: read.value.message }) : read;
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const updated = await deps.chat.update(ready.value.channel, ready.value.ts, ready.value.message);
      return updated.kind === 'done' ? done(null) : updated;
    },
  };
}

async function readPause(
  { templates, ...deps }: Deps,
  { incident: id, run: run_id, reason, actor }: EffectPayloads['pause.post'],
): Promise<Outcome<{ run: Run; to: string; message: ChatMessage }>> {
  const [incident, run] = await Promise.all([findIncident(deps.pool, id), findRun(deps.pool, run_id)]);
  if (!incident || !run) return rejected('the run does not exist');
  const place = placeOf(incident, 'incident');
  if (place.kind !== 'done') return place;
  const facts = await readFacts(deps, incident);
  return done({ run, to: place.value, message: templates.render('run-paused', facts, { run: run_id, reason, actor }) });
}
