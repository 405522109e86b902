import { label } from '../src/domain/incident/incident.ts';
import type { Estate } from '../src/domain/estate/model.ts';
import { mention } from '../src/domain/estate/people.ts';
import { pagesOf } from '../src/store/page/pages.ts';
import { acknowledgeIncident, type Acknowledged } from '../src/verbs/incident/acknowledge-incident.ts';
import { people, roleName } from '../templates/people-words.ts';
import { listed } from '../templates/words.ts';
import { toYou, type Command } from './command.ts';
import { schedulesOf } from './schedules-of.ts';
import { whichIncident } from './which-incident.ts';

export const acknowledge: Command = {
  name: 'ack',
  aliases: ['acknowledge'],
  group: 'Incident',
  usage: '[INC-n]',
  summary: 'Answers your page: the escalation stops, and people who were paged besides you ring until they answer.',
  who: 'responder',
  async run(call, deps) {
    const { id } = await whichIncident(call, deps);
    const open = (await pagesOf(deps.pool, id)).filter(({ state }) => state === 'triggered');
    const scheduled = await schedulesOf(id, deps)(
      deps.estate(),
      open.map(({ role }) => role),
    );
    const found = await acknowledgeIncident(deps.verbs, call.request, id, scheduled);
    return toYou(answerText(found, deps.estate()));
  },
};

/** What the answer did, and who still rings. */
function answerText({ incident, fresh, pages, ringing }: Acknowledged, estate: Estate): string {
  const name = label(incident.id);
  const still = ringing.map(({ people: names, role }) => {
    const called = Object.hasOwn(estate.roles, role) ? roleName(estate, role) : '';
    return names.length === 0 ? called : `${people(estate, names)}${called === '' ? '' : ` as ${called}`}`;
  });
  const rest = still.length === 0 ? '' : ` Still ringing until they answer: ${listed(still)}.`;
  if (fresh) return `You acknowledged ${name}. Nobody else is paged for it now.${rest}`;
  const by = incident.acknowledged_by === null ? '' : ` by ${mention(estate, incident.acknowledged_by)}`;
  if (pages > 0) return `You answered your page for ${name}. It was acknowledged${by} before.${rest}`;
  return `${name} was acknowledged${by} already.${rest}`;
}
