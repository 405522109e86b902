import { label } from '../src/domain/incident/incident.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { reopenIncident } from '../src/verbs/incident/reopen-incident.ts';
import { toYou, type Command } from './command.ts';
import { pagedNow } from './declare.ts';
import { roomOf } from './words.ts';
import { whichIncident } from './which-incident.ts';

export const reopen: Command = {
  name: 'reopen',
  group: 'Incident',
  usage: '[INC-n] reason…',
  words: 'free',
  summary:
    'Opens a resolved or closed incident again: new pages, updates anew, and everyone who was told of its end is told.',
  who: 'responder',
  examples: ['reopen INC-7 The disk is full again'],
  async run(call, deps) {
    if (call.args.trim() === '')
      throw new LifeboatError('invalid', 'the reason is missing', '`/dr reopen INC-7 <why it is not over>`');
    const found = await whichIncident(call, deps, ['resolved', 'closed']);
    const was = found.state;
    const incident = await reopenIncident(deps.verbs, call.request, found.id, call.args);
    const room =
      was === 'closed'
        ? ` Its channel is opened again; where Slack does not let Lifeboat do that, it goes on in a new one, and you are invited.`
        : ` It goes on in ${roomOf(incident)}.`;
    return toYou(`${label(incident.id)} is open again. ${pagedNow(deps.estate(), incident)}${room}`);
  },
};
