import type { KnownBlock, View } from '@slack/types';
import type { Estate } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, label } from '../src/domain/incident/subject.ts';
import { actions, button, context, divider, header, linkButton, section } from './blocks.ts';
import { placeUrl } from './buttons.ts';
import { severityWords, serviceName } from './incident-words.ts';
import { since } from './live-words.ts';
import { count, date, userLine } from './words.ts';

/** Slack: a home holds 100 blocks; a person looks at fewer. */
const SHOWN = 20;

/** App Home: what is open now, and the way to declare. Slack shows it as it was when it was last opened. */
export function homeView(incidents: readonly Incident[], estate: Estate, now: Date): View {
  const open = incidents.filter(({ state }) => state === 'open');
  const drills = open.filter(({ id }) => kindOf(id) === 'drill').length;
  const real = open.length - drills;
  const also = drills === 0 ? '' : `, ${count(drills, 'drill')}`;
  const hidden = open.length - SHOWN;
  const blocks: KnownBlock[] = [
    header(`${real === 0 ? 'No incident is open' : `${count(real, 'incident')} open`}${also}`),
    actions(button({ text: 'Declare an incident', action_id: 'declare', value: 'home', style: 'primary' })),
    ...open.slice(0, SHOWN).flatMap((incident) => [divider(), ...card(incident, estate, now)]),
    ...(hidden > 0 ? [context(`${hidden} more: \`/dr list\` shows them.`)] : []),
    context(`As of ${date(now, '{time_secs}')}. \`/dr help\` lists everything that can be typed.`),
  ];
  return { type: 'home', blocks };
}

function card(incident: Incident, estate: Estate, now: Date): KnownBlock[] {
  const { id, severity, title, service, channel, acknowledged_at } = incident;
  const drill = kindOf(id) === 'drill';
  const open = channel === null || drill ? undefined : linkButton('Open channel', 'open', placeUrl(channel));
  const hit = service === null ? '' : ` · ${userLine(serviceName(estate, service), 80)}`;
  const ack = acknowledged_at === null ? ':warning: nobody has acknowledged' : 'acknowledged';
  return [
    section(`*${label(id)}* ${severityWords(estate, severity)}${hit}\n${userLine(title, 150)}`, open),
    context(
      `${drill ? 'a drill, nothing leaves Lifeboat · ' : ''}${ack} · open for ${since(incident.declared_at, now)}`,
    ),
  ];
}
