import { findApproval } from '../src/store/approval/approvals.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { givenInputs } from '../src/domain/plan/advise-recovery.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Answer, Press } from '../src/ports/edge.ts';
import { controlRun } from '../src/verbs/run/control-run.ts';
import {
  declareForm,
  decisionForm,
  reasonForm,
  resolveAnywayForm,
  resolveForm,
  updateForm,
} from '../templates/forms.ts';
import { acknowledge } from './acknowledge.ts';
import { decideAnd } from './approve.ts';
import type { Call, CommandDeps } from './command.ts';
import { needResponder } from './responder.ts';
import { close } from './resolve.ts';
import { recover, run as startRunbook } from './run-plan.ts';
import { needMember } from './member.ts';
import { role } from './role.ts';
import { severity } from './severity.ts';
import { declareAnyway, join } from './similar.ts';

/** Does what a button says; the state is read again, so an old button does nothing wrong. */
export async function press(pressed: Press, deps: CommandDeps): Promise<Answer> {
  const { action, value, actor, key, channel } = pressed;
  if (action === 'open') return { kind: 'quiet' }; // a link: Slack tells of the press all the same
  if (action === 'declare') return { kind: 'form', view: declareForm(deps.estate(), { title: '', channel }) };
  if (action === 'declare-anyway' || action === 'join') {
    await needMember(deps, actor, action === 'join' ? 'join' : 'declare', { urgent: true });
    return action === 'join' ? join(readValue(value)[0], pressed, deps) : declareAnyway(pressed, deps);
  }
  needResponder(deps.estate(), actor, action);
  if (action === 'raise') return raise(pressed, deps);
  if (action === 'approve' || action === 'deny') return decide(pressed, action, deps);
  if (action === 'recover-anyway' || action === 'restore') return offered(pressed, action, deps);
  const [incident, run, step] = readValue(value);
  const call = (args: string): Call => ({ request: { key, actor }, args, named: incident, channel });
  switch (action) {
    case 'ack':
      return acknowledge.run(call(''), deps);
    case 'close':
      return close.run(call(''), deps);
    case 'recover':
      return recover.run(call(''), deps);
    case 'resolve-anyway': {
      const found = await needIncident(incident, deps);
      return { kind: 'form', view: resolveAnywayForm(found, { summary: '', red: [] }) };
    }
    case 'command':
      return role.run(call('incident-commander me'), deps);
    case 'update':
      return { kind: 'form', view: updateForm(await needIncident(incident, deps)) };
    case 'resolve':
      return { kind: 'form', view: resolveForm(await needIncident(incident, deps)) };
    case 'resume':
      await controlRun(deps.verbs, { key, actor }, incident, run, { kind: 'resume', reason: null });
      return { kind: 'quiet' };
    case 'ask-again':
      await controlRun(deps.verbs, { key, actor }, incident, run, { kind: 'retry', step, reason: 'asked again' });
      return { kind: 'quiet' };
    case 'retry':
    case 'skip':
    case 'abort':
    case 'pause':
      if (run === null) break;
      return {
        kind: 'form',
        view: reasonForm(action, { incident, run, step: action === 'abort' || action === 'pause' ? null : step }),
      };
  }
  throw new LifeboatError(
    'invalid',
    `the button \`${action}\` is not one of this version`,
    'use the newest message, or type the command',
  );
}

/** `<incident>|<severity>`: what somebody wanted to declare is what there is already, only worse. */
function raise({ value, key, actor, channel }: Press, deps: CommandDeps): Promise<Answer> {
  const [id = '', to = ''] = value.split('|');
  const call = { request: { key, actor }, args: to, named: readValue(id)[0], channel };
  return severity.run(call, deps);
}

/** `<incident>`, `<incident>:<run>` or `<incident>:<run>:<step>`. */
function readValue(value: string): [number, number | null, string | null] {
  const [, incident, run, step] = /^(-?\d+)(?::(\d+)(?::(.+))?)?$/.exec(value) ?? [];
  if (incident === undefined)
    throw new LifeboatError('invalid', 'this button does not say what it is about', 'type the command instead');
  return [Number(incident), run === undefined ? null : Number(run), step ?? null];
}

/** `<incident>|<service>` or `<incident>|<runbook>|<service>`: takes up what was offered instead of a recovery. */
async function offered({ value, key, actor, channel }: Press, action: string, deps: CommandDeps): Promise<Answer> {
  const [id = '', name = '', service = ''] = value.split('|');
  const [incident] = readValue(id);
  const call = (args: string): Call => ({ request: { key, actor }, args, named: incident, channel });
  if (action === 'recover-anyway') return recover.run(call(`${name} anyway`), deps);
  const runbook = Object.hasOwn(deps.estate().runbooks, name) ? deps.estate().runbooks[name] : undefined;
  const given = Object.entries(runbook ? givenInputs(runbook, service) : {}).map(([input, word]) => `${input}=${word}`);
  return startRunbook.run(call([name, ...given].join(' ')), deps);
}

/** `<approval id>|<first digits of the request's digest>`, or `unseen` where not all of it was shown. */
async function decide({ value, key, actor }: Press, action: 'approve' | 'deny', deps: CommandDeps): Promise<Answer> {
  const at = value.lastIndexOf('|');
  const [id, digest] = [value.slice(0, at), value.slice(at + 1)];
  if (at <= 0 || !/^([0-9a-f]{12,64}|unseen)$/.test(digest)) {
    throw new LifeboatError('invalid', 'this button does not say which plan it approves', 'use `/dr approve`');
  }
  const approval = await findApproval(deps.pool, id);
  if (approval?.state === 'open' && approval.require_comment) {
    return { kind: 'form', view: decisionForm(action, { approval: id, digest }) };
  }
  const answer = await decideAnd(deps, { key, actor }, { id, step_id: id }, action, {
    comment: null,
    seen_digest: digest,
  });
  return answer;
}

async function needIncident(id: number, { pool }: CommandDeps) {
  const incident = await findIncident(pool, id);
  if (incident) return incident;
  throw new LifeboatError('not_found', 'the incident of this button does not exist', 'see `/dr list`');
}
