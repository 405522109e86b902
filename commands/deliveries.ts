import { kindOf } from '../src/domain/incident/subject.ts';
import type { Answer } from '../src/ports/edge.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { databaseClock, together } from '../src/postgres/db.ts';
import { recordingsOf } from '../src/store/drill/recordings.ts';
import { deliveryCounts, openDeliveries } from '../src/store/effect/effect-views.ts';
import { deliveriesText } from '../templates/deliveries.ts';
import { recordingsText } from '../templates/recordings.ts';
import type { Command } from './command.ts';
import { whichIncident } from './which-incident.ts';

export const deliveries: Command = {
  name: 'deliveries',
  group: 'Look',
  usage: '[INC-n|DRILL-n]',
  summary:
    'Shows what of an incident waits, was refused or is unknown, and what happens next; of a drill, what would have been sent.',
  who: 'responder',
  examples: ['deliveries INC-7', 'deliveries DRILL-1'],
  async run(call, deps) {
    const { id } = await whichIncident(call, deps, ['open', 'resolved']);
    if (kindOf(id) === 'drill') return shown(recordingsText(id, await recordingsOf(deps.pool, id)));
    const [sends, counts, now] = await together(deps.pool, (one) =>
      Promise.all([openDeliveries(one, id), deliveryCounts(one, id), databaseClock(one)]),
    );
    return shown(deliveriesText(id, { sends, counts, now }, deps.estate()));
  },
};

const shown = ({ text, blocks }: ChatMessage): Answer => ({
  kind: 'message',
  visible: 'you',
  text,
  ...(blocks && { blocks }),
});
