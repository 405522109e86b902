import { readExpectation } from '../src/domain/incident/expectation.ts';
import { label } from '../src/domain/incident/incident.ts';
import { expectResolution } from '../src/verbs/incident/expect-resolution.ts';
import { date } from '../templates/words.ts';
import { toYou, type Command } from './command.ts';
import { whichIncident } from './which-incident.ts';

export const eta: Command = {
  name: 'eta',
  group: 'Incident',
  usage: '<duration | time zone | none> [reason]',
  summary: 'Says when you expect it to be over; card and updates show it in the place of the target, with your name.',
  who: 'responder',
  words: 'free',
  examples: ['eta 40m the replica catches up', 'eta 15:20 UTC', 'eta none'],
  async run(call, deps) {
    const said = readExpectation(call.args);
    const { id } = await whichIncident(call, deps);
    const { expected_at } = await expectResolution(deps.verbs, call.request, id, said);
    return toYou(
      expected_at === null
        ? `The estimate for ${label(id)} is taken back; the target is shown again.`
        : `${label(id)} is expected to be over ${date(expected_at)}, in your words.`,
    );
  },
};
