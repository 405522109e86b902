import * as z from 'zod';
import { NOTHING } from '../src/domain/effect/decision.ts';
import type { ApprovalFacts, RequestFacts } from '../src/domain/incident/facts.ts';
import { holdersIn } from '../src/domain/estate/holders.ts';
import { intend } from '../src/domain/effect/effect.ts';
import { cardIntent, inviteIntent } from '../src/domain/effect/intents.ts';
import { messageRefused } from '../src/domain/incident/deliveries.ts';
import type { Asked } from '../src/domain/effect/definitions.ts';
import { done, rejected, retry, type Outcome } from '../src/domain/effect/outcome.ts';
import type { ChatMessage, ChatPort } from '../src/ports/chat.ts';
import type { Job } from '../src/ports/job.ts';
import { databaseClock } from '../src/postgres/db.ts';
import { findApproval } from '../src/store/approval/approvals.ts';
import { readRequest } from '../src/store/approval/approval-request.ts';
import { isOpen, resultOf } from '../src/store/effect/effect-views.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { requestFile } from '../templates/approval-content.ts';
import { approvalRequest, type Attachment } from '../templates/approval-request.ts';
import type { FactsDeps } from './facts.ts';
import { prepare } from './prepare.ts';
import { placeOf, postOnce, type Posted } from './post-once.ts';

/**
 * Asks for approval, or hands a person a task, with buttons in the incident's channel. Everything behind it in the channel
 * waits for it, so what Slack does not take at once, an invitation or the file, is left to effects of their own.
 */
export function approvalPost(
  deps: FactsDeps,
  chat: Chat & Pick<ChatPort, 'post' | 'find' | 'invite'>,
): Job<'approval.post'> {
  const { pool, estate } = deps;
  return {
    kind: 'approval.post',
    pace_ms: 1000,
    async run(effect) {
      const ready = await prepare(async () => {
        const input = effect.payload;
        const [incident, facts] = await Promise.all([findIncident(pool, input.incident), read(deps, input.approval)]);
        if (!incident || !facts) return rejected('the request does not exist');
        if (facts.approval.state !== 'open') return done({ skipped: `the request is ${facts.approval.state}` });
        const place = placeOf(incident, 'incident');
        if (place.kind !== 'done') return place;
        const now = await databaseClock(pool);
        const message = approvalRequest(facts, estate(), now, requestFile(facts) && 'coming');
        const approvers = approversOf(facts);
        return done({ to: place.value, facts, now, message, approvers, channel: incident.channel });
      });
      if (ready.kind !== 'done') return ready;
      if ('skipped' in ready.value) return done(ready.value);
      const { to, facts, now, message, approvers, channel } = ready.value;
      const users = approvers.flatMap((person) => estate().people[person]?.slack ?? []);
      const invited = channel === null || users.length === 0 ? done(null) : await chat.invite(channel, users);
      const left = invited.kind === 'retry' || invited.kind === 'unknown' ? { uninvited: approvers } : {};
      const posted = await postOnce(chat, effect, to, message, { urgent: true });
      if (posted.kind !== 'done') return posted;
      const word = (file: Attachment) => approvalRequest(facts, estate(), now, file);
      // One that was found may show what would have run then.
      const whole = await complete(chat, posted.value, facts, { word, again: effect.unknown_since !== null });
      if (whole.kind === 'done') return done({ ...whole.value, ...left });
      await say(chat, posted.value, word, whole.reason);
      return done({ ...posted.value, ...left, incomplete: true });
    },
    /** The card leads to the request from when there is one to lead to. */
    after({ id }, effect, outcome) {
      if (outcome.kind !== 'done' || 'skipped' in outcome.value) return NOTHING;
      const { approval } = effect.payload;
      const { uninvited, incomplete } = outcome.value;
      const later = intend('approval.render', `approval:${approval}:render:file`, { incident: id, approval });
      return {
        events: [],
        effects: [
          cardIntent(id, `asked:${approval}`),
          ...(uninvited ? [inviteIntent(id, `approval:${approval}`, uninvited)] : []),
          ...(incomplete ? [later] : []),
        ],
      };
    },
    /** Nobody can approve what nobody was asked for. */
    failed: (incident, effect, outcome) =>
      'reason' in outcome
        ? messageRefused(incident, {
            ...{ effect: effect.key, template: 'approval-request', to: 'incident', reason: outcome.reason },
          })
        : NOTHING,
  };
}

type Chat = Pick<ChatPort, 'attach' | 'update'>;

/** Says on the request why its file is missing; whether that works or not, the file is tried again. */
async function say(chat: Chat, place: Posted, word: (file: Attachment) => ChatMessage, failed: string): Promise<void> {
  await chat.update(place.channel, place.ts, word({ failed }));
}

/** Attaches what is too long for the message, and only then shows the button that approves it. */
async function complete(
  chat: Chat,
  place: Posted,
  facts: RequestFacts,
  { word, again }: { word: (file: Attachment) => ChatMessage; again: boolean },
): Promise<Outcome<Asked>> {
  const file = requestFile(facts);
  const whole = { ...place, digest: facts.content.digest };
  if (file === null && !again) return done(whole);
  const attached = file === null ? done(undefined) : await chat.attach(place.channel, place.ts, file);
  if (attached.kind === 'retry' || attached.kind === 'unknown') return attached;
  const shown = attached.kind === 'done' ? file && { name: file.name } : { failed: attached.reason };
  const updated = await chat.update(place.channel, place.ts, word(shown));
  if (updated.kind === 'retry' || updated.kind === 'unknown') return updated;
  return done(attached.kind === 'done' && updated.kind === 'done' ? whole : { ...place });
}

/** Those who may decide: they have to be where the request stands. */
const approversOf = ({ approval, holders }: ApprovalFacts): string[] => [
  ...new Set(approval.approvers.flatMap((role) => holdersIn(holders, role).people)),
];

/** Shows on the request what became of it. */
export function approvalRender(deps: FactsDeps, chat: Chat): Job<'approval.render'> {
  const { pool, estate } = deps;
  return {
    kind: 'approval.render',
    async run(effect) {
      const shown = await prepare(async () => {
        const input = effect.payload;
        const key = `approval:${input.approval}:post`;
        if (await isOpen(pool, key)) return retry('the request is on its way', 1000);
        const [facts, sent] = await Promise.all([read(deps, input.approval), resultOf(pool, key)]);
        const place = z.object({ channel: z.string(), ts: z.string() }).safeParse(sent);
        if (!facts || !place.success) return done({ skipped: 'it was never shown' });
        return done({ place: place.data, facts, now: await databaseClock(pool) });
      });
      if (shown.kind !== 'done') return shown;
      if ('skipped' in shown.value) return done(shown.value);
      const { place, facts, now } = shown.value;
      const word = (file: Attachment) => approvalRequest(facts, estate(), now, file);
      const file = requestFile(facts);
      if (facts.approval.state === 'open' && file !== null) {
        const whole = await complete(chat, place, facts, { word, again: true });
        return whole.kind === 'done' ? done(null) : whole;
      }
      const updated = await chat.update(place.channel, place.ts, word(file && { name: file.name }));
      return updated.kind === 'done' ? done(null) : updated;
    },
  };
}

async function read({ pool, estate, schedules }: FactsDeps, id: string): Promise<RequestFacts | null> {
  const approval = await findApproval(pool, id);
  return approval && readRequest(pool, estate(), schedules, approval);
}
