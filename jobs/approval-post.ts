import type pg from 'pg';
import * as z from 'zod';
import { NOTHING } from '../src/domain/effect/decision.ts';
import type { ApprovalFacts } from '../src/domain/incident/facts.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { cardIntent } from '../src/domain/effect/intents.ts';
import { done, rejected } from '../src/domain/effect/outcome.ts';
import type { ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { databaseClock } from '../src/postgres/db.ts';
import { findApproval } from '../src/store/approval/approvals.ts';
import { resultOf } from '../src/store/effect/effect-views.ts';
import { approvalFacts } from '../src/store/incident/incident-facts.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { findRun } from '../src/store/run/runs.ts';
import { approvalRequest } from '../templates/approval-request.ts';
import { prepare } from './prepare.ts';
import { placeOf, postOnce } from './post-once.ts';

type Chat = Pick<ChatPort, 'post' | 'find' | 'invite'>;

/** Asks for consent, or hands a person a task, with buttons in the incident's channel. */
export function approvalPost(pool: pg.Pool, estate: () => Estate, chat: Chat): Job<'approval.post'> {
  return {
    kind: 'approval.post',
    pace_ms: 1000,
    async run(effect) {
      const ready = await prepare(async () => {
        const input = effect.payload;
        const [incident, facts] = await Promise.all([findIncident(pool, input.incident), read(pool, input.approval)]);
        if (!incident || !facts) return rejected('the request does not exist');
        const place = placeOf(incident, 'incident');
        if (place.kind !== 'done') return place;
        const message = approvalRequest(facts, estate(), await databaseClock(pool));
        return done({ to: place.value, message, approvers: approversOf(facts, estate()), channel: incident.channel });
      });
      if (ready.kind !== 'done') return ready;
      const { to, message, approvers, channel } = ready.value;
      const invited = channel === null || approvers.length === 0 ? done(null) : await chat.invite(channel, approvers);
      // Whoever cannot be invited must not keep the request from the others; Slack's pace is waited out.
      if (invited.kind === 'retry') return invited;
      return postOnce(chat, effect, to, message, { urgent: true });
    },
    /** The card leads to the request from when there is one to lead to. */
    after({ id }, effect, outcome) {
      if (outcome.kind !== 'done') return NOTHING;
      return { events: [], effects: [cardIntent(id, `asked:${effect.payload.approval}`)] };
    },
  };
}

/** The Slack ids of those who may decide: they have to be where the request stands. */
function approversOf({ approval }: ApprovalFacts, { roles, people }: Estate): string[] {
  const named = approval.approvers.flatMap((role) => roles[role]?.people ?? []);
  return [...new Set(named.flatMap((person) => people[person]?.slack ?? []))];
}

/** Shows on the request what became of it. */
export function approvalRender(
  pool: pg.Pool,
  estate: () => Estate,
  chat: Pick<ChatPort, 'update'>,
): Job<'approval.render'> {
  return {
    kind: 'approval.render',
    async run(effect) {
      const shown = await prepare(async () => {
        const input = effect.payload;
        const [facts, sent] = await Promise.all([
          read(pool, input.approval),
          resultOf(pool, `approval:${input.approval}:post`),
        ]);
        const place = z.object({ channel: z.string(), ts: z.string() }).safeParse(sent);
        if (!facts || !place.success) return null; // it was never shown
        return { ...place.data, message: approvalRequest(facts, estate(), await databaseClock(pool)) };
      });
      if (shown === null) return done(null);
      const updated = await chat.update(shown.channel, shown.ts, shown.message);
      return updated.kind === 'done' ? done(null) : updated;
    },
  };
}

async function read(pool: pg.Pool, id: string): Promise<ApprovalFacts | null> {
  const approval = await findApproval(pool, id);
  const run = approval && (await findRun(pool, approval.run_id));
  return run ? approvalFacts(pool, approval, [run]) : null;
}
