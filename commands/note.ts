import { label } from '../src/domain/incident/incident.ts';
import { addNote } from '../src/verbs/incident/add-note.ts';
import { toYou, type Command } from './command.ts';
import { whichIncident } from './which-incident.ts';

export const note: Command = {
  name: 'note',
  group: 'Incident',
  usage: 'text…',
  summary: 'Puts your words into the timeline.',
  who: 'anyone',
  words: 'free',
  async run(call, deps) {
    const { id } = await whichIncident(call, deps, ['open', 'resolved']);
    await addNote(deps.verbs, call.request, id, call.args);
    return toYou(`Noted in the timeline of ${label(id)}.`);
  },
};
