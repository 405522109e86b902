import { formatDuration } from '../src/domain/duration.ts';
import { label } from '../src/domain/incident/incident.ts';
import { closeIncident, resolveIncident } from '../src/verbs/incident/resolve-incident.ts';
import { resolveForm } from '../templates/forms.ts';
import { toYou, type Command } from './command.ts';
import { whichIncident } from './which-incident.ts';

export const resolve: Command = {
  name: 'resolve',
  group: 'Incident',
  usage: 'summary…',
  words: 'free',
  summary: 'Ends the incident: clocks stop, the page is resolved, everyone who was told is told.',
  who: 'responder',
  async run(call, deps) {
    const found = await whichIncident(call, deps);
    if (call.args === '') return { kind: 'form', view: resolveForm(found) };
    const incident = await resolveIncident(deps.verbs, call.request, found.id, call.args);
    const took = (incident.resolved_at?.getTime() ?? 0) - incident.declared_at.getTime();
    const { rto } = deps.estate().severities[incident.severity];
    const verdict = took <= rto ? 'within' : 'over';
    return toYou(
      `${label(incident.id)} is resolved after ${formatDuration(round(took))}, ${verdict} its ${formatDuration(rto)}. \`/dr close\` archives the channel.`,
    );
  },
};

export const close: Command = {
  name: 'close',
  group: 'Incident',
  usage: '[INC-n]',
  summary: 'Closes a resolved incident and archives its channel.',
  who: 'responder',
  async run(call, deps) {
    const { id } = await whichIncident(call, deps, ['resolved']);
    await closeIncident(deps.verbs, call.request, id);
    return toYou(`${label(id)} is closed. Its timeline stays: \`/dr timeline ${label(id)}\`.`);
  },
};

/** Whole seconds: nobody reads the milliseconds of an outage. */
const round = (ms: number): number => Math.max(1000, Math.round(ms / 1000) * 1000);
