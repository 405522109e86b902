import type { SlackEphemeral, SlackMessage } from '@lifeboat/stand-ins/slack/state';
import type { Times } from './times.ts';

/** What stands in a list of messages, from top to bottom. `lead`: the row shows its author. */
export type Row =
  | { kind: 'day'; key: string; label: string }
  | { kind: 'new'; key: string }
  | { kind: 'message'; key: string; message: SlackMessage; lead: boolean }
  | { kind: 'ephemeral'; key: string; ephemeral: SlackEphemeral; lead: boolean };

/** Messages of one author within this many seconds stand together. */
const TOGETHER = 5 * 60;

/** Lays out messages (oldest first) with what only this person sees; `newFrom` is the first unread one. */
export function layOut(
  messages: readonly SlackMessage[],
  ephemerals: readonly SlackEphemeral[],
  times: Times,
  newFrom: string | null = null,
): Row[] {
  const rows: Row[] = [];
  let day = '';
  let before: { author: string; ts: string } | null = null;
  for (const one of merged(messages, ephemerals)) {
    const ephemeral = 'via' in one;
    const author = ephemeral ? 'only-you' : one.user;
    const label = times.day(one.ts);
    if (label !== day) {
      rows.push({ kind: 'day', key: `day-${label}`, label });
      day = label;
      before = null;
    }
    if (one.ts === newFrom) {
      rows.push({ kind: 'new', key: 'new' });
      before = null;
    }
    const lead = before === null || before.author !== author || Number(one.ts) - Number(before.ts) > TOGETHER;
    if (ephemeral) rows.push({ kind: 'ephemeral', key: one.id, ephemeral: one, lead: true });
    else rows.push({ kind: 'message', key: one.ts, message: one, lead });
    before = { author, ts: one.ts };
  }
  return rows;
}

/** The timestamp of the newest thing that is laid out. */
export function latestOf(rows: readonly Row[]): string {
  const last = rows.at(-1);
  return last?.kind === 'message' ? last.message.ts : last?.kind === 'ephemeral' ? last.ephemeral.ts : '';
}

function merged(
  messages: readonly SlackMessage[],
  ephemerals: readonly SlackEphemeral[],
): (SlackMessage | SlackEphemeral)[] {
  const all: (SlackMessage | SlackEphemeral)[] = [...messages];
  for (const ephemeral of ephemerals) {
    const at = all.findLastIndex((other) => other.ts <= ephemeral.ts);
    all.splice(at + 1, 0, ephemeral);
  }
  return all;
}
