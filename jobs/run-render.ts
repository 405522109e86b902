import * as z from 'zod';
import { postKey, runPost } from '../src/domain/effect/intents.ts';
import { done, rejected, retry } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { isOpen, resultOf } from '../src/store/effect/effect-views.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import type { Templates } from '../templates/engine.ts';
import { readFacts, type FactsDeps } from './facts.ts';
import { prepare } from './prepare.ts';

interface Deps extends FactsDeps {
  chat: Pick<ChatPort, 'update'>;
  templates: Templates;
}

const POSTED = z.object({ channel: z.string(), ts: z.string() });

/** Edits the one post of a run: how far it is, and how it ended. */
export function runRender({ chat, templates, ...deps }: Deps): Job<'run.render'> {
  return {
    kind: 'run.render',
    async run({ payload }) {
      const ready = await prepare(async () => {
        const post = runPost(payload.incident, payload.run);
        if (await isOpen(deps.pool, postKey(post))) return retry('its message is on its way', 1000);
        const posted = POSTED.safeParse(await resultOf(deps.pool, postKey(post)));
        if (!posted.success) return done({ skipped: 'the run was never posted' });
        const incident = await findIncident(deps.pool, payload.incident);
        if (!incident) return rejected('the incident does not exist');
        const message = templates.render(post.template, await readFacts(deps, incident), { run: payload.run });
        return done({ ...posted.data, message });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const updated = await chat.update(ready.value.channel, ready.value.ts, ready.value.message);
      return updated.kind === 'done' ? done(null) : updated;
    },
  };
}
