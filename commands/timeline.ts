import { checkRecord, readAnchor, type Anchor } from '../src/domain/incident/record.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { ESTATE_SUBJECT, kindOf } from '../src/domain/incident/subject.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import type { Answer } from '../src/ports/edge.ts';
import { databaseClock } from '../src/postgres/db.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { timelineOf } from '../src/store/incident/timeline.ts';
import { timelinePages } from '../templates/timeline.ts';
import { timelineFile, timelineJson, timelineMarkdown } from '../templates/timeline-files.ts';
import type { Call, Command, CommandDeps } from './command.ts';
import { filePlace } from './file-place.ts';
import { whichIncident } from './which-incident.ts';

/** As long as Slack is waited for, in ms; a person should not be told "still working". */
const SLACK_MS = 1500;

export const timeline: Command = {
  name: 'timeline',
  group: 'Look',
  usage: '[INC-n|DRILL-n|estate] [page n|all|file]',
  summary:
    'Shows what happened, newest page first, and whether the record is whole; `all` puts it as a text into the channel, `file` as Markdown and JSON.',
  who: 'anyone',
  examples: ['timeline INC-7', 'timeline INC-7 page 2', 'timeline INC-7 file', 'timeline estate'],
  async run(call, deps) {
    const wanted = readWanted(call.args);
    const asked = await subjectOf(wanted.estate, call, deps);
    // From the outside in: what Slack names must be there already, and what the incident names as well.
    const anchors = kindOf(asked.id) === 'incident' ? await anchorsIn(asked.channel, deps) : [];
    const incident = (await findIncident(deps.pool, asked.id)) ?? asked;
    const events = await timelineOf(deps.pool, incident.id);
    const view = {
      ...{ incident, events, estate: deps.estate() },
      record: checkRecord(incident, events, deps.seal, anchors),
    };
    if (wanted.files !== null) {
      const exported = { ...view, actor: call.request.actor, now: await databaseClock(deps.pool) };
      const files = wanted.files === 'all' ? [timelineFile] : [timelineMarkdown, timelineJson];
      return withFiles(
        files.map((make) => make(exported)),
        filePlace(incident, call),
      );
    }
    const { text, blocks } = pickPage(timelinePages(view), wanted.page);
    return { kind: 'message', visible: 'you', text, ...(blocks && { blocks }) };
  },
};

interface Wanted {
  estate: boolean;
  page: number;
  files: 'all' | 'file' | null;
}

/** `estate`, then `page 2`, `all` or `file`. */
function readWanted(args: string): Wanted {
  const [, estate, page, word] =
    /^(estate\b)?\s*(?:(?:page\s*[:=]?\s*)?(\d{1,6})|(all|files?|export))?$/i.exec(args.trim()) ?? [];
  if (args.trim() !== '' && estate === undefined && page === undefined && word === undefined) {
    throw new LifeboatError(
      'invalid',
      `\`timeline\` knows no \`${args.trim()}\``,
      '`/dr timeline`, `/dr timeline page 2`, `/dr timeline all` or `/dr timeline file`',
    );
  }
  const files = word === undefined ? null : word.toLowerCase() === 'all' ? 'all' : 'file';
  return { estate: estate !== undefined, page: Number(page ?? 1), files };
}

function pickPage(pages: ChatMessage[], page: number): ChatMessage {
  const found = pages[page - 1];
  if (found) return found;
  const there = pages.length === 1 ? 'the timeline has one page' : `the timeline has ${pages.length} pages`;
  throw new LifeboatError('not_found', `there is no page ${page}: ${there}`, '`/dr timeline` shows the newest');
}

function withFiles(files: { name: string; text: string }[], place: string | null): Answer {
  const names = files.map(({ name }) => `\`${name}\``).join(' and ');
  if (place === null)
    throw new LifeboatError('conflict', 'there is no channel for the file yet', 'try again in a moment');
  const to = /^[UW]/.test(place) ? 'to you' : `to <#${place}>`;
  const text = `Every event goes ${to} as ${names}.`;
  return { kind: 'message', visible: 'you', text, files: files.map((file) => ({ channel: place, ...file })) };
}

/** The incident or drill that is meant, or the estate itself. */
async function subjectOf(estate: boolean, call: Call, deps: CommandDeps): Promise<Incident> {
  if (!estate) return whichIncident(call, deps, ['open', 'resolved', 'closed']);
  const found = await findIncident(deps.pool, ESTATE_SUBJECT);
  if (!found) throw new Error("the estate's own timeline is not there");
  return found;
}

/** The heads that messages in the incident's channel name; null when Slack cannot be asked. */
async function anchorsIn(channel: string | null, { records }: CommandDeps): Promise<Anchor[] | null> {
  if (channel === null) return null;
  const silence = new Promise<null>((resolve) => setTimeout(() => resolve(null), SLACK_MS).unref());
  const found = await Promise.race([records(channel), silence]);
  if (found?.kind !== 'done') return null;
  return found.value.map(readAnchor).filter((each) => each !== null);
}
