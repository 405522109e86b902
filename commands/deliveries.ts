import { kindOf, label } from '../src/domain/incident/subject.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { recordingsOf } from '../src/store/drill/recordings.ts';
import { recordingsText } from '../templates/recordings.ts';
import type { Command } from './command.ts';
import { whichIncident } from './which-incident.ts';

export const deliveries: Command = {
  name: 'deliveries',
  group: 'Look',
  usage: 'DRILL-n',
  summary: 'Shows what a drill would have sent, and to whom; nothing of it left Lifeboat.',
  who: 'responder',
  examples: ['deliveries DRILL-1'],
  async run(call, deps) {
    if (call.named === null) {
      throw new LifeboatError('invalid', 'the name of the drill is missing', '`/dr deliveries DRILL-1`');
    }
    const { id } = await whichIncident(call, deps);
    if (kindOf(id) !== 'drill') {
      const name = label(id);
      throw new LifeboatError(
        'invalid',
        `${name} is no drill: what it sends is not written down`,
        `\`/dr status ${name}\` shows what is not through`,
      );
    }
    const { text, blocks } = recordingsText(id, await recordingsOf(deps.pool, id));
    return { kind: 'message', visible: 'you', text, ...(blocks && { blocks }) };
  },
};
