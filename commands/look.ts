import type { Incident } from '../src/domain/incident/incident.ts';
import { label } from '../src/domain/incident/subject.ts';
import { databaseClock, together } from '../src/postgres/db.ts';
import { openDeliveries } from '../src/store/effect/effect-views.ts';
import { incidentFacts } from '../src/store/incident/incident-facts.ts';
import { findIncident, listDrills, listIncidents } from '../src/store/incident/incidents.ts';
import { section } from '../templates/blocks.ts';
import { listText, statusText } from '../templates/status.ts';
import type { Answer } from '../src/ports/edge.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import type { Command, CommandDeps } from './command.ts';
import { schedulesOf } from './schedules-of.ts';
import { whichIncident } from './which-incident.ts';

const shown = ({ text, blocks }: ChatMessage): Answer => ({
  kind: 'message',
  visible: 'you',
  text,
  ...(blocks && { blocks }),
});

export const status: Command = {
  name: 'status',
  group: 'Look',
  usage: '[INC-n]',
  summary: 'Shows where an incident stands: clocks, people, runs, pages, and messages that are not through.',
  who: 'anyone',
  async run(call, deps) {
    const asked = await whichIncident(call, deps, ['open', 'resolved']);
    const incident = await goesOnAs(asked, deps);
    const [facts, deliveries] = await Promise.all([
      incidentFacts(deps.pool, deps.estate(), schedulesOf(incident.id, deps), incident),
      openDeliveries(deps.pool, incident.id),
    ]);
    const led =
      incident.id === asked.id
        ? null
        : `:arrow_right: ${label(asked.id)} was merged: it goes on as ${label(incident.id)}.`;
    return shown(ledTo(statusText(facts, deliveries), led));
  },
};

/** Where a duplicate goes on; that one may have been merged as well. */
async function goesOnAs(incident: Incident, { pool }: CommandDeps): Promise<Incident> {
  let at = incident;
  for (let steps = 0; at.merged_into !== null && steps < 20; steps += 1)
    at = (await findIncident(pool, at.merged_into)) ?? at;
  return at;
}

const ledTo = ({ text, blocks }: ChatMessage, led: string | null): ChatMessage =>
  led === null
    ? { text, ...(blocks && { blocks }) }
    : { text: `${led} ${text}`, blocks: [section(led), ...(blocks ?? [])] };

export const list: Command = {
  name: 'list',
  aliases: ['ls'],
  group: 'Look',
  usage: '[all]',
  summary: 'Lists the incidents and drills that are not closed, or all of them.',
  who: 'anyone',
  async run(call, deps) {
    const states =
      call.args.toLowerCase() === 'all' ? (['open', 'resolved', 'closed'] as const) : (['open', 'resolved'] as const);
    const [incidents, drills, now] = await together(deps.pool, (one) =>
      Promise.all([listIncidents(one, [...states]), listDrills(one, [...states]), databaseClock(one)]),
    );
    return shown(listText([...incidents, ...drills], deps.estate(), now));
  },
};
