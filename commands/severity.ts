import { formatDuration } from '../src/domain/duration.ts';
import { label } from '../src/domain/incident/incident.ts';
import { headOf } from '../src/domain/estate/typed-severity.ts';
import { changeSeverity } from '../src/verbs/incident/change-severity.ts';
import { toYou, type Command } from './command.ts';
import { firstWord, needSeverity } from './words.ts';
import { whichIncident } from './which-incident.ts';

export const severity: Command = {
  name: 'severity',
  aliases: ['sev'],
  group: 'Incident',
  usage: '<P0–P3> [reason]',
  summary: 'Changes the severity; clocks, pages, updates and audiences follow at once.',
  who: 'responder',
  words: 'free',
  examples: ['severity P0 The standby is down too'],
  async run(call, deps) {
    const estate = deps.estate();
    const { word, rest: reason } = headOf(call.args) ?? { word: firstWord(call.args)[0], rest: '' };
    const to = needSeverity(word, estate);
    const { id } = await whichIncident(call, deps);
    await changeSeverity(deps.verbs, call.request, id, to, reason === '' ? null : reason);
    const { name, rto, update_every } = estate.severities[to];
    return toYou(
      `${label(id)} is ${to} ${name} now: recovery within ${formatDuration(rto)} of the declaration, updates every ${formatDuration(update_every)}, pages by the policy \`${estate.severities[to].escalation}\`.`,
    );
  },
};
