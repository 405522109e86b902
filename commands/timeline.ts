import { checkRecord, readAnchor, type Anchor } from '../src/domain/incident/record.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { ESTATE_SUBJECT, kindOf } from '../src/domain/incident/subject.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { timelineOf } from '../src/store/incident/timeline.ts';
import { timelineText } from '../templates/timeline.ts';
import type { Call, Command, CommandDeps } from './command.ts';
import { whichIncident } from './which-incident.ts';

/** As long as Slack is waited for, in ms; a person should not be told "still working". */
const SLACK_MS = 1500;

export const timeline: Command = {
  name: 'timeline',
  group: 'Look',
  usage: '[INC-n|DRILL-n|estate]',
  summary: 'Shows what happened, in order, and whether the record is whole.',
  who: 'anyone',
  examples: ['timeline INC-7', 'timeline estate'],
  async run(call, deps) {
    const asked = await subjectOf(call, deps);
    // From the outside in: what Slack names must be there already, and what the incident names as well.
    const anchors = kindOf(asked.id) === 'incident' ? await anchorsIn(asked.channel, deps) : [];
    const incident = (await findIncident(deps.pool, asked.id)) ?? asked;
    const events = await timelineOf(deps.pool, incident.id);
    const { text, blocks } = timelineText(
      incident,
      events,
      deps.estate(),
      checkRecord(incident, events, deps.seal, anchors),
    );
    return { kind: 'message', visible: 'you', text, ...(blocks && { blocks }) };
  },
};

/** The incident or drill that is meant, or the estate itself. */
async function subjectOf(call: Call, deps: CommandDeps): Promise<Incident> {
  if (call.args.toLowerCase() !== 'estate') return whichIncident(call, deps, ['open', 'resolved', 'closed']);
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
