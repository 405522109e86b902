import type { Approval } from '../src/domain/approval/approval.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Answer } from '../src/ports/edge.ts';
import { openApprovals } from '../src/store/approval/approvals.ts';
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
    usage: '[step] [comment]',
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
  const byName = open.filter((each) => each.step_id === word || each.id === word);
  const [found, ...more] = byName.length > 0 ? byName : open;
  if (!found) throw new LifeboatError('not_found', 'nothing waits for a decision here', 'see `/dr status`');
  if (more.length > 0) {
    const names = [found, ...more].map((each) => `\`${each.id}\``).join(', ');
    throw new LifeboatError('ambiguous', `several things wait: ${names}`, `name one: \`/dr ${name} ${found.id}\``);
  }
  const comment = byName.length > 0 ? rest : call.args;
  return decideAnd(deps, call.request, found, name, { comment: comment === '' ? null : comment, seen_digest: null });
}

/** Records a decision and says what came of it. */
export async function decideAnd(
  deps: CommandDeps,
  request: Request,
  approval: Pick<Approval, 'id' | 'step_id'>,
  name: Decision,
  more: { comment: string | null; seen_digest: string | null },
): Promise<Answer> {
  const verdict = await decideApproval(deps.verbs, request, { approval: approval.id, decision: name, ...more });
  const said = {
    recorded: 'Your approval counts. More people have to agree.',
    approved: 'Done. The run goes on.',
    denied: 'Denied. The run does not go on with this step.',
  }[verdict];
  return toYou(said);
}

export const approve = decision('approve', 'Consents to what a run asks for, or reports a manual step done.');
export const deny = decision('deny', 'Refuses what a run asks for.');
