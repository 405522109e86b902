import * as z from 'zod';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Answer, FormAnswer, Shortcut, Submission } from '../src/ports/edge.ts';
import { controlRun } from '../src/verbs/run/control-run.ts';
import { declareForm } from '../templates/forms.ts';
import type { CommandDeps } from './command.ts';
import { decideAnd } from './approve.ts';
import { declareAnd } from './declare.ts';
import { needMember } from './member.ts';
import { needResponder } from './responder.ts';
import { resolve } from './resolve.ts';
import { update } from './update.ts';
import { needMode, needSeverity, plainText } from './words.ts';

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
  const { form, values, actor, key } = submission;
  const about = ABOUT.parse(JSON.parse(submission.about || '{}'));
  const [input] = Object.keys(values);
  const request = { key, actor };
  try {
    if (form === 'declare') {
      await needMember(deps, actor, 'declare', { urgent: true });
      const answer = await declareAnd(
        deps,
        request,
        {
          title: values['title'] ?? '',
          severity: needSeverity(values['severity'] ?? '', deps.estate()),
          service: values['service'] ? values['service'] : null,
          channel: about.channel ?? null,
          mode: needMode(values['mode'] || null),
        },
        false,
      );
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
    else if (form === 'resolve') await resolve.run(call(values['summary'] ?? ''), deps);
    else await override(about, request, values['reason'] ?? '', deps);
    return { kind: 'closed' };
  } catch (error) {
    if (!(error instanceof LifeboatError) || input === undefined) throw error;
    const what = error.message.charAt(0).toUpperCase() + error.message.slice(1);
    return { kind: 'errors', errors: { [input]: error.fix ? `${what}. ${error.fix}` : what } };
  }
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

/** A message, or nothing, becomes the title of a declaration. */
export function shortcut(chosen: Shortcut, deps: CommandDeps): Promise<Answer> {
  const title = plainText(chosen.text).split('\n')[0] ?? '';
  return Promise.resolve({ kind: 'form', view: declareForm(deps.estate(), { title, channel: chosen.channel }) });
}
