import type pg from 'pg';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Action, EndOlderAttempts } from '../src/ports/action.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import type { PagerPort } from '../src/ports/pager.ts';
import type { Redactor } from '../src/runtime/redact.ts';
import { createSchedules } from '../src/schedules.ts';
import type { VerbDeps } from '../src/verbs/context.ts';
import { StepLedger } from '../src/verbs/run/step-ledger.ts';
import type { Templates } from '../templates/engine.ts';
import { approvalExpire } from './approval-expire.ts';
import { approvalPost, approvalRender } from './approval-post.ts';
import { cadenceFire } from './cadence-fire.ts';
import { cardPin } from './card-pin.ts';
import { cardPost } from './card-post.ts';
import { cardRender } from './card-render.ts';
import { channelArchive } from './channel-archive.ts';
import { channelInvite } from './channel-invite.ts';
import { channelOpen, channelRetry } from './channel-open.ts';
import { channelTopic } from './channel-topic.ts';
import { channelUnarchive } from './channel-unarchive.ts';
import { escalationEnd } from './escalation-end.ts';
import { escalationFire } from './escalation-fire.ts';
import { healthLook } from './health-look.ts';
import { messagePost } from './message-post.ts';
import { pagerAssign } from './pager-assign.ts';
import { pagerConfirm } from './pager-confirm.ts';
import { pagerNote } from './pager-note.ts';
import { pagerSend } from './pager-send.ts';
import { pausePost, pauseRender } from './pause-post.ts';
import { postsRender } from './posts-render.ts';
import { recoveryAssess } from './recovery-assess.ts';
import { rtoPass } from './rto-pass.ts';
import { runRender } from './run-render.ts';
import { stepRun } from './step-run.ts';
import { stepWake } from './step-wake.ts';
import { updatePost } from './update-post.ts';

export interface JobDeps {
  pool: pg.Pool;
  verbs: VerbDeps;
  /** With the connections of pages. */
  urgent: VerbDeps;
  estate: () => Estate;
  chat: ChatPort;
  pager: PagerPort;
  actions: Record<string, Action>;
  templates: Templates;
  endOlder: EndOlderAttempts;
  /** Reads what `${{ secrets.NAME }}` means; without it no step may use one. */
  secret?: (name: string) => string;
  redactor: Redactor;
  onLostOutput?: (characters: number, error: unknown) => void;
}

/** One job for each kind of effect, each with the ports that it needs. */
export function createJobs(deps: JobDeps): Job[] {
  const { pool, verbs, urgent, estate, chat, pager, actions, templates, endOlder, secret, redactor, onLostOutput } =
    deps;
  const schedules = createSchedules(pager);
  const facts = { pool, estate, schedules };
  return [
    escalationFire({ pool: urgent.pool, verbs: urgent, estate, schedules }),
    escalationEnd(urgent),
    rtoPass({ pool: urgent.pool, verbs: urgent, estate, schedules }),
    cadenceFire(verbs),
    approvalExpire(verbs),
    stepWake({ pool, verbs, estate }),
    channelOpen(pool, estate, chat),
    channelRetry(pool, estate, chat),
    channelInvite(pool, estate, chat),
    channelTopic(pool, estate, chat),
    channelArchive(pool, chat),
    channelUnarchive(pool, estate, chat),
    cardPost(facts, chat),
    cardPin(pool, chat),
    cardRender(facts, chat),
    messagePost({ ...facts, chat, templates }),
    updatePost({ ...facts, chat, templates }),
    postsRender({ ...facts, chat, templates }),
    runRender({ ...facts, chat, templates }),
    pausePost({ ...facts, chat, templates }),
    pauseRender({ ...facts, chat, templates }),
    approvalPost(facts, chat),
    approvalRender(facts, chat),
    pagerSend(urgent.pool, estate, pager),
    pagerAssign(urgent.pool, pager),
    pagerConfirm(urgent.pool, pager),
    pagerNote(pool, pager),
    stepRun({
      ...{ pool, estate, actions, ledger: new StepLedger(verbs), endOlder, redactor },
      ...(secret && { secret }),
      ...(onLostOutput && { onLostOutput }),
    }),
    healthLook({ estate, actions, redactor }),
    recoveryAssess({ verbs, estate, actions, redactor }),
  ];
}
