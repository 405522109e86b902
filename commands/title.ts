import { label } from '../src/domain/incident/incident.ts';
import { plainWords } from '../src/domain/text/plain-words.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { changeTitle } from '../src/verbs/incident/change-title.ts';
import { userLine } from '../templates/words.ts';
import { toYou, type Command } from './command.ts';
import { whichIncident } from './which-incident.ts';

export const title: Command = {
  name: 'title',
  aliases: ['rename'],
  group: 'Incident',
  usage: '[INC-n] words…',
  words: 'free',
  summary: 'Gives the incident another title: topic and card follow, the channel keeps its name.',
  who: 'responder',
  examples: ['title Orders fail since the certificate expired'],
  async run(call, deps) {
    if (call.args.trim() === '')
      throw new LifeboatError('invalid', 'the title is missing', '`/dr title what is broken`');
    const { id } = await whichIncident(call, deps, ['open', 'resolved']);
    const words = plainWords(call.args).replaceAll(/\s+/g, ' ');
    const { incident, before } = await changeTitle(deps.verbs, call.request, id, words);
    return toYou(
      `${label(id)} is called "${userLine(incident.title, 400)}" now; before it was "${userLine(before, 400)}". The channel keeps its name.`,
    );
  },
};
