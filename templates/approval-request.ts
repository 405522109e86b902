import type { KnownBlock } from '@slack/types';
import type { Estate } from '../src/domain/estate/model.ts';
import { label } from '../src/domain/incident/incident.ts';
import type { PlanStep } from '../src/domain/run/model.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { actions, button, context, header } from './blocks.ts';
import { clip, MAX, sections } from './clip.ts';
import { contentBlocks } from './approval-content.ts';
import type { ApprovalFacts, RequestFacts } from './facts.ts';
import { serviceName } from './incident-words.ts';
import { roleWithPeople, who } from './people-words.ts';
import { indexOf, instructionsOf, stepAction, stepName } from './step-words.ts';
import { stepsAfter } from '../src/domain/plan/plan-index.ts';
import { atMost, code, count, date, listed, span, userLine, wholeLine } from './words.ts';

const SHOWN = 12;

/** Where the rest of a long request stands: in a file of this name, not yet anywhere, or nowhere since this failed. */
export type Attachment = { name: string } | 'coming' | { failed: string } | null;

/** Asks for approval to exactly this plan, or for a person's task; once decided it says by whom, and has no buttons. */
export function approvalRequest(facts: RequestFacts, estate: Estate, now: Date, file: Attachment): ChatMessage {
  const { approval, run, plan } = facts;
  const manual = approval.kind === 'manual';
  const step = indexOf(plan).step(approval.step_id);
  const what = manual ? 'A task for a person' : 'Approval is needed';
  const title = `${label(approval.incident_id)}, run ${run.id}: ${step.name}`;
  const open = approval.state === 'open';
  const outcome = outcomeWords(facts, estate);
  const line = `${label(approval.incident_id)}, run ${run.id} ${code(run.name)}, step ${stepName(plan, step.id)}`;
  return {
    text: clip(open ? `${what}: ${line}. ${waitWords(facts, estate)}` : `${line}: ${outcome}`, MAX.text),
    blocks: [
      header(
        clip(
          `${open ? (manual ? ':construction:' : ':raised_hand:') : OUTCOME[approval.state][0]} ${title}`,
          MAX.header,
        ),
      ),
      ...sections([
        ...(open ? [] : [`*${outcome}*`]),
        `*Asked by:* ${who(estate, run.requested_by)} with ${code(run.name)}`,
        ...(plan.services.length > 0
          ? [
              `*Recovers:* ${listed(
                atMost(
                  plan.services.map((name) => serviceName(estate, name)),
                  8,
                ),
              )}`,
            ]
          : []),
        ...(open ? [waitWords(facts, estate)] : []),
        ...voteLines(facts, estate),
      ]),
      ...(manual && isPlain(step) ? sections(['*To do*', instructionsOf(step)]) : consequences(facts, estate, file)),
      ...sections(unapprovable(facts, file)),
      context(footer(facts, now)),
      ...(open ? [buttons(facts, file)] : []),
    ] satisfies KnownBlock[],
  };
}

/** Words that can stand as they are: short, and without what only a run can fill in. */
const isPlain = ({ with: input }: PlanStep): boolean => {
  const text = typeof input['instructions'] === 'string' ? input['instructions'] : '';
  return text.length <= 1400 && !text.includes('${{');
};

const OUTCOME = {
  open: [':raised_hand:', 'Open'],
  approved: [':white_check_mark:', 'Approved'],
  denied: [':no_entry:', 'Denied'],
  expired: [':alarm_clock:', 'Nobody decided in time'],
  cancelled: [':wastebasket:', 'Not needed any more'],
} as const;

function outcomeWords({ approval, votes }: ApprovalFacts, estate: Estate): string {
  const { state, kind } = approval;
  const done =
    kind === 'manual' && state === 'approved'
      ? 'Done'
      : kind === 'manual' && state === 'denied'
        ? 'Reported as not done'
        : OUTCOME[state][1];
  const last = votes.findLast((vote) => (state === 'denied' ? vote.decision === 'deny' : vote.decision === 'approve'));
  return last && (state === 'approved' || state === 'denied')
    ? `${done} by ${who(estate, last.person)} ${date(last.at)}`
    : done;
}

function waitWords({ approval, run, holders }: ApprovalFacts, estate: Estate): string {
  if (approval.kind === 'manual') return '*Press Done when it is done; press Not possible when it cannot be.*';
  const roles = approval.approvers.map((role) => roleWithPeople(estate, role, holders));
  const but = approval.exclude_requester ? `, but not ${who(estate, run.requested_by)}, who asked` : '';
  return `*May decide:* ${listed(roles, 'or')}${but}. *Needed:* ${count(approval.min_approvals, 'approval')}${approval.require_comment ? ', each with a reason' : ''}.`;
}

const voteLines = ({ votes }: ApprovalFacts, estate: Estate): string[] =>
  atMost(
    votes.map(
      ({ person, decision, comment, at }) =>
        `• ${who(estate, person)} ${decision === 'approve' ? 'agreed' : 'said no'} ${date(at)}${comment === null ? '' : `: ${wholeLine(comment)}`}`,
    ),
    10,
  );

/** Everything that this approval lets run: in the message where it fits, else in a file of the same digest. */
function consequences(facts: RequestFacts, estate: Estate, file: Attachment): KnownBlock[] {
  const { approval, plan, content } = facts;
  const after = stepsAfter(indexOf(plan), approval.step_id);
  if (content.lines.length === 0) return sections(['*After approval* nothing more runs.']);
  const title = approval.kind === 'manual' ? '*To do*' : '*After approval exactly this runs*';
  if (file === null) return [...sections([title]), ...contentBlocks(content)];
  const lines = after.map((step, index) => `${index + 1}. ${stepName(plan, step.id)}: ${stepAction(estate, step)}`);
  const where = typeof file === 'object' && 'name' in file ? `${code(file.name)} in the thread below` : 'the file';
  return sections([
    `*After approval this runs, in short.* ${typeof file === 'object' && 'name' in file ? `All of it, byte by byte, stands in ${where}.` : ''}`,
    ...atMost(lines, SHOWN, where),
  ]);
}

/** Why nobody can approve it now. */
function unapprovable({ approval, content }: RequestFacts, file: Attachment): string[] {
  if (approval.state !== 'open') return [];
  const reasons = [
    ...content.problems,
    ...(file === 'coming' ? ['all of what would run is being attached'] : []),
    ...(file !== null && typeof file === 'object' && 'failed' in file
      ? [`all of it cannot be attached: ${file.failed}`]
      : []),
  ];
  return reasons.map((reason) => `:warning: *It cannot be approved now:* ${userLine(reason, 600)}`);
}

function footer({ approval, plan, content }: RequestFacts, now: Date): string {
  const { expires_at, state, on_timeout, left_ms } = approval;
  const plan_words = `Request \`${content.digest.slice(0, 12)}\` of plan \`${plan.digest.slice(0, 12)}\``;
  if (state === 'open' && typeof left_ms === 'number') {
    return `${plan_words} · the run is paused, and so is the time of this request (${span(left_ms)} left)`;
  }
  if (state !== 'open' || expires_at === null) return plan_words;
  const left = expires_at.getTime() - now.getTime();
  const then = on_timeout === 'fail' ? 'the run fails' : 'the run pauses';
  return `${plan_words} · open until ${date(expires_at)}${left > 0 ? ` (${span(left)})` : ''}; after that ${then}`;
}

/** How many approvals it takes, and how many are still to come. */
function neededWords({ approval: { min_approvals }, votes }: RequestFacts): string {
  const given = votes.filter(({ decision }) => decision === 'approve').length;
  if (min_approvals <= 1) return 'at once: one approval is needed';
  const so_far = given === 0 ? 'nobody has' : given === 1 ? '1 has' : `${given} have`;
  return `once ${min_approvals} people have approved; ${so_far} so far`;
}

/** A button carries the digest of what was shown whole; without that it can only be refused. */
function buttons(facts: RequestFacts, file: Attachment) {
  const { approval, plan, content } = facts;
  const whole = file === null || (typeof file === 'object' && 'name' in file);
  const value = `${approval.id}|${whole ? content.digest.slice(0, 12) : 'unseen'}`;
  if (approval.kind === 'manual') {
    return actions(
      button({ text: 'Done', action_id: 'approve', value, style: 'primary' }),
      button({
        text: 'Not possible',
        action_id: 'deny',
        value,
        confirm: denyConfirm('The step fails, and the run does what its runbook says then.'),
      }),
    );
  }
  const steps = stepsAfter(indexOf(plan), approval.step_id).length;
  return actions(
    button({
      text: 'Approve',
      action_id: 'approve',
      value,
      style: 'primary',
      confirm: {
        title: 'Approve this?',
        text: `${count(steps, 'step')} will run ${neededWords(facts)}.`,
        confirm: 'Approve',
        deny: 'Not yet',
      },
    }),
    button({
      text: 'Deny',
      action_id: 'deny',
      value,
      style: 'danger',
      confirm: denyConfirm('One denial is enough to stop here.'),
    }),
  );
}

const denyConfirm = (text: string) =>
  ({ title: 'Say no?', text, confirm: 'Say no', deny: 'Not yet', style: 'danger' }) as const;
