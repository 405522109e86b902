import type { InputBlock, KnownBlock, PlainTextOption, View } from '@slack/types';
import { SEVERITIES, type Estate } from '../src/domain/estate/model.ts';
import { formatDuration } from '../src/domain/duration.ts';
import { label, type Incident } from '../src/domain/incident/incident.ts';
import { REASON_LIMIT } from '../src/domain/text/limits.ts';
import { clip } from './clip.ts';

/*
 * Forms. Each input's block_id and action_id are the input's name; `private_metadata` says what the form is about.
 * Slack: titles hold 24 characters, option texts 75, a select 100 options.
 */

const plain = (text: string): { type: 'plain_text'; text: string } => ({ type: 'plain_text', text });
const option = (text: string, value: string): PlainTextOption => ({ text: plain(clip(text, 75)), value });

function form(callback_id: string, title: string, submit: string, about: object, blocks: KnownBlock[]): View {
  return {
    type: 'modal',
    callback_id,
    title: plain(title),
    submit: plain(submit),
    close: plain('Cancel'),
    private_metadata: JSON.stringify(about),
    blocks,
  };
}

/** Slack: the most that an input of a form takes. */
const MAX_INPUT = 3000;

function textInput(
  name: string,
  words: string,
  options: { multiline?: boolean; initial?: string; hint?: string; optional?: boolean; max?: number } = {},
): InputBlock {
  return {
    type: 'input',
    block_id: name,
    optional: options.optional ?? false,
    label: plain(words),
    ...(options.hint !== undefined && { hint: plain(options.hint) }),
    element: {
      type: 'plain_text_input',
      action_id: name,
      multiline: options.multiline ?? false,
      max_length: options.max ?? MAX_INPUT,
      ...(options.initial && { initial_value: options.initial }),
    },
  };
}

const REAL = option('A real incident', 'live');

/** The form to declare; a message's words or a command's become its title. */
export function declareForm(
  estate: Estate,
  prefill: { title: string; description?: string | null; channel: string | null },
): View {
  const severities = SEVERITIES.map((id) => {
    const { name, rto, update_every } = estate.severities[id];
    return option(`${id} ${name}: recover in ${formatDuration(rto)}, update every ${formatDuration(update_every)}`, id);
  });
  const services = Object.entries(estate.services)
    .slice(0, 100)
    .map(([id, service]) => option(service.name ?? id, id));
  const initial = severities[1];
  return form('declare', 'Declare an incident', 'Declare', { channel: prefill.channel }, [
    textInput('title', 'What is broken?', {
      initial: clip(prefill.title, 150),
      max: 150,
      hint: 'One line; it names the channel.',
    }),
    {
      type: 'input',
      block_id: 'severity',
      label: plain('How bad is it?'),
      element: {
        type: 'static_select',
        action_id: 'severity',
        options: severities,
        ...(initial && { initial_option: initial }),
      },
    },
    ...(services.length === 0
      ? []
      : [
          {
            type: 'input' as const,
            block_id: 'service',
            optional: true,
            label: plain('Which service?'),
            hint: plain('Leave it empty if you do not know yet.'),
            element: { type: 'static_select' as const, action_id: 'service', options: services },
          },
        ]),
    textInput('description', 'What else is known?', {
      multiline: true,
      optional: true,
      initial: clip(prefill.description ?? '', MAX_INPUT),
      hint: 'Posted whole in the channel. Leave it empty if there is no time.',
    }),
    {
      type: 'input',
      block_id: 'mode',
      label: plain('Is it real?'),
      element: {
        type: 'static_select',
        action_id: 'mode',
        options: [REAL, option('A drill: nothing leaves Lifeboat', 'drill')],
        initial_option: REAL,
      },
    },
  ]);
}

export function updateForm(incident: Incident): View {
  return form('update', 'Status update', 'Post', { incident: incident.id }, [
    textInput('text', `What is known about ${label(incident.id)} now?`, {
      multiline: true,
      hint: 'Everyone who follows the incident reads it. Say what is known, what is being done, and what is not known.',
    }),
  ]);
}

export function resolveForm(incident: Incident): View {
  return form('resolve', 'Resolve the incident', 'Resolve', { incident: incident.id }, [
    textInput('summary', `How was ${label(incident.id)} mended?`, {
      multiline: true,
      hint: 'It goes into the recovery notification.',
    }),
  ]);
}

/** The same while checks are red: what is red stands above, and a reason has to be given. */
export function resolveAnywayForm(incident: Incident, { summary, red }: { summary: string; red: string[] }): View {
  const list =
    red.length === 0 ? 'What is red now stands in the answer above.' : red.map((line) => `• ${line}`).join('\n');
  const text = `Checks of ${label(incident.id)} are red. Whoever was told reads that, and your reason.\n${list}`;
  return form('resolve-anyway', 'Resolve all the same', 'Resolve', { incident: incident.id }, [
    { type: 'section', text: { type: 'plain_text', text: text.slice(0, 3000) } },
    textInput('summary', `How was ${label(incident.id)} mended?`, {
      ...{ multiline: true, initial: summary, hint: 'It goes into the recovery notification.' },
    }),
    textInput('reason', 'Why is it over although checks are red?', {
      ...{ multiline: true, hint: 'It is recorded with your name, and goes into the recovery notification.' },
    }),
  ]);
}

/** Asks for the reason that an approval needs, where the runbook asks for one. */
export function decisionForm(decision: 'approve' | 'deny', about: { approval: string; digest: string }): View {
  const title = decision === 'approve' ? 'Approve' : 'Deny';
  return form('decide', title, title, { decision, ...about }, [
    textInput('reason', `Why ${decision} this?`, {
      multiline: true,
      max: REASON_LIMIT,
      hint: 'It is recorded with your name.',
    }),
  ]);
}

/** Asks for the reason that an override needs. */
export function reasonForm(
  verb: 'skip' | 'retry' | 'abort' | 'pause',
  about: { incident: number; run: number; step: string | null },
): View {
  const what = about.step === null ? `run ${about.run}` : `step ${about.step}`;
  const title = { skip: 'Skip a step', retry: 'Retry a step', abort: 'Abort the run', pause: 'Pause the run' }[verb];
  return form('reason', title, title.split(' ')[0] ?? verb, { verb, ...about }, [
    textInput('reason', clip(`Why ${verb} ${what}?`, 2000), {
      multiline: true,
      max: REASON_LIMIT,
      hint: 'It is recorded with your name.',
    }),
  ]);
}
