import type { KnownBlock, View } from '@slack/types';
import type { Estate } from '../src/domain/estate/model.ts';
import { label, type Incident } from '../src/domain/incident/incident.ts';
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
  const hidden = open.length - SHOWN;
  const blocks: KnownBlock[] = [
    header(open.length === 0 ? 'No incident is open' : `${count(open.length, 'incident')} open`),
    actions(button({ text: 'Declare an incident', action_id: 'declare', value: 'home', style: 'primary' })),
    ...open.slice(0, SHOWN).flatMap((incident) => [divider(), ...card(incident, estate, now)]),
    ...(hidden > 0 ? [context(`${hidden} more: \`/dr list\` shows them.`)] : []),
    context(`As of ${date(now, '{time_secs}')}. \`/dr help\` lists everything that can be typed.`),
  ];
  return { type: 'home', blocks };
}

function card(incident: Incident, estate: Estate, now: Date): KnownBlock[] {
  const { id, severity, title, service, channel, acknowledged_at } = incident;
  const open = channel === null ? undefined : linkButton('Open channel', 'open', placeUrl(channel));
  const hit = service === null ? '' : ` · ${userLine(serviceName(estate, service), 80)}`;
  const ack = acknowledged_at === null ? ':warning: nobody has acknowledged' : 'acknowledged';
  return [
    section(`*${label(id)}* ${severityWords(estate, severity)}${hit}\n${userLine(title, 150)}`, open),
    context(`${ack} · open for ${since(incident.declared_at, now)}`),
  ];
}
