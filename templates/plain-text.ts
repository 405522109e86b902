import type { Estate } from '../src/domain/estate/model.ts';
import { plainName, slackActor } from '../src/domain/estate/people.ts';

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>' };

/** What was worded for Slack, for a file that is read anywhere: names for mentions, UTC for dates, no entities. */
export const plainText = (mrkdwn: string, estate: Estate): string =>
  mrkdwn
    .replaceAll(/<@([UW][A-Z0-9]+)>/g, (_mark, user: string) => plainName(estate, slackActor(user)))
    .replaceAll(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<#([A-Z0-9]+)>/g, '$1')
    .replaceAll(':warning: ', 'Warning: ')
    .replaceAll('\u200B', '')
    .replaceAll(/&(amp|lt|gt);/g, (mark, name: string) => ENTITIES[name] ?? mark);

/** '2026-11-20 03:14:00.123 UTC' */
export const utcTime = (at: Date | string): string =>
  `${new Date(at).toISOString().slice(0, 23).replace('T', ' ')} UTC`;
