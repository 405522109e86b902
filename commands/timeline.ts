import { checkRecord, readAnchor, type Anchor } from '../src/domain/incident/record.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { timelineOf } from '../src/store/incident/timeline.ts';
import { timelineText } from '../templates/timeline.ts';
import type { Command, CommandDeps } from './command.ts';
import { whichIncident } from './which-incident.ts';

/** As long as Slack is waited for, in ms; a person should not be told "still working". */
const SLACK_MS = 1500;

export const timeline: Command = {
  name: 'timeline',
  group: 'Look',
  usage: '[INC-n]',
  summary: 'Shows what happened, in order, and whether the record is whole.',
  who: 'anyone',
  async run(call, deps) {
    const asked = await whichIncident(call, deps, ['open', 'resolved', 'closed']);
    // From the outside in: what Slack names must be there already, and what the incident names as well.
    const anchors = await anchorsIn(asked.channel, deps);
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

/** The heads that messages in the incident's channel name; null when Slack cannot be asked. */
async function anchorsIn(channel: string | null, { records }: CommandDeps): Promise<Anchor[] | null> {
  if (channel === null) return null;
  const silence = new Promise<null>((resolve) => setTimeout(() => resolve(null), SLACK_MS).unref());
  const found = await Promise.race([records(channel), silence]);
  if (found?.kind !== 'done') return null;
  return found.value.map(readAnchor).filter((each) => each !== null);
}
