import type { ActionsBlock, Button, KnownBlock } from '@slack/types';
import { actionOf } from '../src/domain/actions/index.ts';
import type { PlanStep, StepRow } from '../src/domain/run/model.ts';
import { actions, button, linkButton } from './blocks.ts';
import type { IncidentFacts, MessageParams, RunFacts } from './facts.ts';
import { stuckSteps } from './live-words.ts';
import { runOf } from './run-context.ts';

/*
 * Values: `<incident>` for what concerns the incident, `<incident>:<run>` for a run, `<incident>:<run>:<step>` for one
 * of its steps. The handler reads the state again, so an old button does nothing wrong.
 */

/** Buttons below a message that is made from a template; only those that would do something now. */
export function buttonsFor(template: string, facts: IncidentFacts, params: MessageParams): KnownBlock[] {
  if (template === 'page') return rows([...ackButton(facts, isUnanswered(facts, params)), ...openButton(facts)]);
  if (template === 'escalation' || template === 'page-failed' || template === 'page-unconfirmed')
    return rows(ackButton(facts));
  if (template === 'run-paused') return runButtons(facts, params);
  if (template === 'words-wanted' && facts.incident.state === 'open')
    return rows([
      button({ text: 'Post update', action_id: 'update', value: String(facts.incident.id), style: 'primary' }),
    ]);
  if (template === 'recovery-asked') return rows(askedButtons(facts, params));
  return [];
}

const rows = (buttons: Button[]): KnownBlock[] => (buttons.length === 0 ? [] : [actions(...buttons)]);

/** Whether the page that a message tells of still waits for its person, whoever acknowledged the incident before. */
export const isUnanswered = ({ pages }: IncidentFacts, { dedup_key }: MessageParams): boolean =>
  pages.some((page) => page.dedup_key === dedup_key && page.state === 'triggered');

/** Whether a run was started since a recovery was asked about that acts on its service, or restores it. */
export function isAnswered({ runs }: IncidentFacts, { service, on, runbook, before_run }: MessageParams): boolean {
  if (typeof before_run !== 'number') return false;
  const names = [service, on].filter((name) => typeof name === 'string');
  return runs.some(
    ({ run, plan }) =>
      run.id > before_run && (plan.name === runbook || plan.services.some((name) => names.includes(name))),
  );
}

/** Slack keeps 2000 characters of a button's value; names are far shorter. */
const MOST_VALUE = 2000;

/** Takes up the restore, or recovers all the same; nothing once somebody did, or the incident is over. */
function askedButtons(facts: IncidentFacts, params: MessageParams): Button[] {
  const { incident } = facts;
  const { service, on, runbook } = params;
  if (incident.state !== 'open' || typeof service !== 'string' || isAnswered(facts, params)) return [];
  const restore =
    typeof runbook === 'string' && typeof on === 'string'
      ? [
          button({
            ...{
              text: 'Restore',
              action_id: 'restore',
              value: `${incident.id}|${runbook}|${on}`.slice(0, MOST_VALUE),
              style: 'primary',
            },
            confirm: {
              ...{
                title: 'Start the restore?',
                text: `Runbook ${runbook.slice(0, 80)} starts for ${on.slice(0, 80)}.`,
              },
              ...{ confirm: 'Start it', deny: 'Not yet' },
            },
          }),
        ]
      : [];
  const anyway = button({
    ...{
      text: 'Recover all the same',
      action_id: 'recover-anyway',
      value: `${incident.id}|${service}`.slice(0, MOST_VALUE),
    },
    confirm: {
      ...{ title: 'Recover it all the same?', text: `${service.slice(0, 80)} is touched although this may not help.` },
      ...{ confirm: 'Recover it', deny: 'Not yet', style: 'danger' },
    },
  });
  return [...restore, anyway];
}

function ackButton({ incident }: IncidentFacts, asked = false): Button[] {
  if (incident.state !== 'open' || (incident.acknowledged_at !== null && !asked)) return [];
  return [button({ text: 'Acknowledge', action_id: 'ack', value: String(incident.id), style: 'primary' })];
}

function openButton({ incident }: IncidentFacts): Button[] {
  return incident.channel === null ? [] : [linkButton('Open channel', 'open', placeUrl(incident.channel))];
}

/** Opens a channel, or a message in it, in the reader's own Slack. */
export const placeUrl = (channel: string, ts?: string): string =>
  `https://slack.com/app_redirect?channel=${encodeURIComponent(channel)}${ts === undefined ? '' : `&message_ts=${encodeURIComponent(ts)}`}`;

function runButtons(facts: IncidentFacts, params: MessageParams): KnownBlock[] {
  const found = runOf(facts, params);
  if (found?.run.state !== 'paused') return [];
  const value = `${facts.incident.id}:${found.run.id}`;
  const stuck = stuckSteps(found);
  const steps = stuck.slice(0, 5).map(({ row, step }) => actions(...stepButtons(value, row, step, stuck.length > 1)));
  return [...steps, runWays(value, stuck.length)];
}

/** Retry, Skip and Abort on the card, when there is one step that they can only mean. */
export function stuckButtons({ incident }: IncidentFacts, found: RunFacts): Button[] {
  const value = `${incident.id}:${found.run.id}`;
  const [only, ...more] = stuckSteps(found);
  if (!only) return [];
  return more.length > 0
    ? [abortButton(value)]
    : [...stepButtons(value, only.row, only.step, false), abortButton(value)];
}

function stepButtons(value: string, row: StepRow, step: PlanStep, several: boolean): Button[] {
  const name = several ? ` ${row.step_id.slice(0, 40)}` : '';
  const id = `${value}:${row.step_id}`;
  const doubtful = row.state === 'unknown' || step.side_effect === 'once';
  const retry = button({
    text: `Retry${name}`,
    action_id: 'retry',
    value: id,
    ...(doubtful && {
      confirm: {
        title: 'Run it again?',
        text: `${row.step_id.slice(0, 100)} may have happened. Look first: running it twice may do harm.`,
        confirm: 'Run it again',
        deny: 'Not yet',
        style: 'danger',
      },
    }),
  });
  // A question that nobody answered is asked anew at once; it needs no reason.
  const ask = button({ text: `Ask again${name}`, action_id: 'ask-again', value: id, style: 'primary' });
  if (row.state === 'timed_out' && actionOf(step.uses).by === 'person') {
    return step.uses === 'approval' ? [ask] : [ask, button({ text: `Skip${name}`, action_id: 'skip', value: id })];
  }
  // Approval is never skipped: the engine refuses it.
  return step.uses === 'approval' ? [retry] : [retry, button({ text: `Skip${name}`, action_id: 'skip', value: id })];
}

function runWays(value: string, stuck: number): ActionsBlock {
  const resume = button({ text: 'Resume', action_id: 'resume', value, style: 'primary' });
  return stuck === 0 ? actions(resume, abortButton(value)) : actions(abortButton(value));
}

const abortButton = (value: string): Button =>
  button({
    text: 'Abort',
    action_id: 'abort',
    value,
    style: 'danger',
    confirm: {
      title: 'Abort the run?',
      text: 'What has not begun never will. What is done stays done.',
      confirm: 'Abort',
      deny: 'Not yet',
      style: 'danger',
    },
  });
