import * as z from 'zod';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Answer, FormAnswer, Shortcut, Submission } from '../src/ports/edge.ts';
import { controlRun } from '../src/verbs/run/control-run.ts';
import { verdictOf } from '../src/domain/health/look.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { declareForm, resolveAnywayForm } from '../templates/forms.ts';
import { redPlainLines } from '../templates/look-words.ts';
import type { Request } from '../src/verbs/context.ts';
import type { CommandDeps } from './command.ts';
import { decideAnd } from './approve.ts';
import { declareAnd, readService, titleOf } from './declare.ts';
import { needMember } from './member.ts';
import { needResponder } from './responder.ts';
import { lookAtIncident } from './look-at-incident.ts';
import { nonceOf, resolveWith } from './resolve.ts';
import { update } from './update.ts';
import { inWords, readTyped } from './typed.ts';
import { needSeverity, readMode } from './words.ts';

const ABOUT = z.object({
  channel: z.string().nullish(),
  incident: z.number().optional(),
  verb: z.enum(['skip', 'retry', 'abort', 'pause']).optional(),
  run: z.number().optional(),
  step: z.string().nullish(),
  approval: z.string().optional(),
  digest: z.string().optional(),
  decision: z.enum(['approve', 'deny']).optional(),
});

/** Does what a form asks; what is wrong with an input is said at that input. */
export async function submit(submission: Submission, deps: CommandDeps): Promise<FormAnswer> {
  const { form, actor, key } = submission;
  const values = readValues(submission.values, deps);
  const about = ABOUT.parse(JSON.parse(submission.about || '{}'));
  const [input] = Object.keys(values);
  const request = { key, actor };
  try {
    if (form === 'declare') {
      await needMember(deps, actor, 'declare', { urgent: true });
      const answer = await declareForms(about.channel ?? null, request, values, deps);
      return { kind: 'closed', answer };
    }
    needResponder(deps.estate(), actor, about.verb ?? form);
    if (form === 'decide')
      return { kind: 'closed', answer: await decide(about, request, values['reason'] ?? '', deps) };
    if (about.incident === undefined)
      throw new LifeboatError('invalid', 'the form does not say which incident it is about');
    const call = (args: string) => ({
      request,
      args: args.trim() || ' ',
      named: about.incident ?? null,
      channel: null,
    });
    if (form === 'update') await update.run(call(values['text'] ?? ''), deps);
    else if (form === 'resolve' || form === 'resolve-anyway')
      return await over(form, about.incident, request, values, deps);
    else await override(about, request, values['reason'] ?? '', deps);
    return { kind: 'closed' };
  } catch (error) {
    if (!(error instanceof LifeboatError) || input === undefined) throw error;
    const what = error.message.charAt(0).toUpperCase() + error.message.slice(1);
    return { kind: 'errors', errors: { [input]: error.fix ? `${what}. ${error.fix}` : what } };
  }
}

/** A title that was typed longer than the form lets is shortened like that of a command. */
function declareForms(
  channel: string | null,
  request: Request,
  values: Record<string, string>,
  deps: CommandDeps,
): Promise<Answer> {
  const estate = deps.estate();
  const { title, description } = titleOf(values['title'] ?? '');
  const service = readService(values['service'] || null, estate);
  const input = {
    ...{ title, channel, service: service.id },
    description: values['description'] || description,
    severity: needSeverity(values['severity'] ?? '', estate),
    mode: readMode(values['mode'] || null).mode,
  };
  return declareAnd(deps, request, input, service.leftOut === null ? [] : [service.leftOut]);
}

/** Slack waits 3 s for the answer to a form. */
const FORM_WAIT_MS = 1800;

/** Resolves after a look at the checks; where one is red another form asks for the reason. */
async function over(
  form: string,
  id: number,
  request: Request,
  values: Record<string, string>,
  deps: CommandDeps,
): Promise<FormAnswer> {
  const summary = values['summary'] ?? '';
  const reason = form === 'resolve-anyway' ? (values['reason'] ?? '').trim() || null : null;
  const looked = await lookAtIncident(deps, id, nonceOf(request, form), FORM_WAIT_MS);
  if (looked.pending) {
    throw new LifeboatError('busy', 'the checks have not answered yet', 'press Resolve again in a few seconds');
  }
  if (reason === null && verdictOf(looked.looks, looked.needed) === 'red') {
    const incident = await findIncident(deps.pool, id);
    if (!incident) throw new LifeboatError('not_found', 'the incident of this form does not exist', 'see `/dr list`');
    const red = redPlainLines(looked.looks, deps.estate());
    return { kind: 'form', view: resolveAnywayForm(incident, { summary, red }) };
  }
  const text = await resolveWith(request, id, { summary, reason }, looked, deps);
  return { kind: 'closed', answer: { kind: 'message', visible: 'you', text } };
}

function decide(
  { approval, digest, decision }: z.infer<typeof ABOUT>,
  request: { key: string; actor: string },
  reason: string,
  deps: CommandDeps,
): Promise<Answer> {
  if (approval === undefined || digest === undefined || decision === undefined) {
    throw new LifeboatError('invalid', 'the form does not say what it is about', 'type the command instead');
  }
  const comment = reason.trim() === '' ? null : reason.trim();
  return decideAnd(deps, request, { id: approval, step_id: approval }, decision, { comment, seen_digest: digest });
}

async function override(
  about: z.infer<typeof ABOUT>,
  request: { key: string; actor: string },
  reason: string,
  deps: CommandDeps,
): Promise<void> {
  const { incident, run, verb, step } = about;
  if (incident === undefined || run === undefined || verb === undefined) {
    throw new LifeboatError('invalid', 'the form does not say what it is about', 'type the command instead');
  }
  const control =
    verb === 'abort' || verb === 'pause' ? { kind: verb, reason } : { kind: verb, step: step ?? null, reason };
  await controlRun(deps.verbs, request, incident, run, control);
}

const readValues = (values: Record<string, string>, { estate }: CommandDeps): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, inWords(readTyped(value), estate())]));

/** A message, or nothing, becomes a declaration's title, and all of it its description where the title has no room. */
export function shortcut(chosen: Shortcut, deps: CommandDeps): Promise<Answer> {
  const { title, description } = titleOf(inWords(readTyped(chosen.text), deps.estate()));
  const view = declareForm(deps.estate(), { title, description, channel: chosen.channel });
  return Promise.resolve({ kind: 'form', view });
}
