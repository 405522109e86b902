import type { Estate } from '../src/domain/estate/model.ts';
import { label, type Incident } from '../src/domain/incident/incident.ts';
import { plainWords } from '../src/domain/text/plain-words.ts';
import { clip } from './clip.ts';
import { plainLine } from './words.ts';

/** The channel's topic (Slack: at most 250 characters); mentions and links mean nothing there, so it is plain text. */
export function channelTopic(incident: Incident, estate: Estate): string {
  const { name } = estate.severities[incident.severity];
  const state = incident.state === 'open' ? `${incident.severity} ${name}` : incident.state;
  const service = incident.service === null ? '' : ` · ${incident.service}`;
  return clip(`${label(incident.id)} · ${state}${service} · ${plainLine(plainWords(incident.title))}`, 250);
}
