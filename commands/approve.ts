import type { Estate } from '../src/domain/estate/model.ts';
import type { RequestFacts } from '../src/domain/incident/facts.ts';
import type { Approval } from '../src/domain/approval/approval.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Answer } from '../src/ports/edge.ts';
import { readContent, readRequest } from '../src/store/approval/approval-request.ts';
import { findApproval, openApprovals, recentlyOpen } from '../src/store/approval/approvals.ts';
import { requestFile } from '../templates/approval-content.ts';
import { approvalRequest } from '../templates/approval-request.ts';
import { section } from '../templates/blocks.ts';
import { decideApproval } from '../src/verbs/approval/decide-approval.ts';
import type { Request } from '../src/verbs/context.ts';
import { toYou, type Call, type Command, type CommandDeps } from './command.ts';
import { firstWord } from './words.ts';
import { whichIncident } from './which-incident.ts';

type Decision = 'approve' | 'deny';

function decision(name: Decision, summary: string): Command {
  return {
    name,
    ...(name === 'approve' && { aliases: ['done'] }),
    group: 'Recovery',
    usage: '[request|step] [comment]',
    summary,
    who: 'responder',
    words: 'free',
    run: (call, deps) => decide(name, call, deps),
  };
}

async function decide(name: Decision, call: Call, deps: CommandDeps): Promise<Answer> {
  const incident = await whichIncident(call, deps);
  const open = await openApprovals(deps.pool, incident.id);
  const [word, rest] = firstWord(call.args);
  const told = (text: string) => (text === '' ? null : text);
  if (/^[0-9a-f]{12,64}$/.test(word)) {
    const found = await byDigest(word, open, deps);
    return decideAnd(deps, call.request, found, name, { comment: told(rest), seen_digest: word });
  }
  const byName = open.filter((each) => each.step_id === word || each.id === word);
  const [found, ...more] = byName.length > 0 ? byName : open;
  if (!found) throw new LifeboatError('not_found', 'nothing waits for a decision here', 'see `/dr status`');
  const several = name === 'approve' && (await recentlyOpen(deps.pool, incident.id, RECENT_MS)) > 1;
  if (more.length > 0 || several) return whichOne([found, ...more], deps);
  const comment = byName.length > 0 ? rest : call.args;
  const seen = name === 'approve' ? await readRequest(deps.pool, deps.estate(), deps.schedules, found) : null;
  if (seen?.shown_digest === null) return whichOne([found], deps);
  return decideAnd(deps, call.request, found, name, {
    comment: told(comment),
    seen_digest: seen?.shown_digest ?? null,
  });
}

/** Who types has looked at the channel a moment ago: what was asked meanwhile is something else, in ms. */
const RECENT_MS = 600_000;
/** Requests that one answer shows whole; Slack takes 50 blocks. */
const SHOWN = 3;

async function byDigest(digest: string, open: Approval[], { pool, estate }: CommandDeps): Promise<Approval> {
  for (const each of open) {
    if ((await readContent(pool, estate(), each)).digest.startsWith(digest)) return each;
  }
  throw new LifeboatError(
    'not_found',
    `no request \`${digest}\` waits here`,
    'it is over, or what it would run changed since: see the newest request, or `/dr status`',
  );
}

/** The requests themselves, with their buttons: whoever reads one and presses knows which one it is. */
async function whichOne(requests: Approval[], { pool, estate, schedules }: CommandDeps): Promise<Answer> {
  const now = new Date();
  const facts = await Promise.all(requests.slice(0, SHOWN).map((each) => readRequest(pool, estate(), schedules, each)));
  const blocks = facts.flatMap((each) => (each ? (requestMessage(each, estate(), now).blocks ?? []) : []));
  const text =
    requests.length > SHOWN
      ? `${requests.length} requests wait; these are the oldest. Press a button, or name one by its digest.`
      : 'There was more than one request in the last ten minutes. Press the button, or name it by its digest.';
  return { kind: 'message', visible: 'you', text, blocks: [section(text), ...blocks].slice(0, 50) };
}

/** As it stands in the channel: a long one counts as shown when its file was attached. */
function requestMessage(facts: RequestFacts, estate: Estate, now: Date) {
  const file = requestFile(facts);
  const attached = facts.shown_digest === facts.content.digest;
  return approvalRequest(facts, estate, now, file && (attached ? { name: file.name } : 'coming'));
}

/** Records a decision and says what came of it. */
export async function decideAnd(
  deps: CommandDeps,
  request: Request,
  approval: Pick<Approval, 'id' | 'step_id'>,
  name: Decision,
  more: { comment: string | null; seen_digest: string | null },
): Promise<Answer> {
  const roles = (await findApproval(deps.pool, approval.id))?.approvers ?? [];
  const scheduled = await deps.schedules(deps.estate(), roles);
  const input = { approval: approval.id, decision: name, scheduled, ...more };
  const verdict = await decideApproval(deps.verbs, request, input);
  const said = {
    recorded: 'Your approval counts. More people have to agree.',
    approved: 'Done. The run goes on.',
    denied: 'Denied. The run does not go on with this step.',
  }[verdict];
  return toYou(said);
}

export const approve = decision('approve', 'Approves what a run asks for, or reports a manual step done.');
export const deny = decision('deny', 'Refuses what a run asks for.');
