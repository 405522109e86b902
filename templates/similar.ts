import type { Button } from '@slack/types';
import type { Estate, SeverityId } from '../src/domain/estate/model.ts';
import type { Incident } from '../src/domain/incident/incident.ts';
import { kindOf, label } from '../src/domain/incident/subject.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { actions, button, section } from './blocks.ts';
import { serviceName, severityWords } from './incident-words.ts';
import { who } from './people-words.ts';
import { span, userLine } from './words.ts';

export interface Held {
  /** What was declared moments ago. */
  incident: Incident;
  /** Under which the held words are kept. */
  offer: string;
  /** What would have been declared. */
  wanted: SeverityId;
}

/** Nothing was declared, and that stands first; then what there is, and the ways on. */
export function similarText({ incident, offer, wanted }: Held, estate: Estate, now: Date): ChatMessage {
  const { id, title, service, channel, declared_by, declared_at, severity, acknowledged_at } = incident;
  const name = label(id);
  const ago = span(now.getTime() - declared_at.getTime());
  const place = channel === null || kindOf(id) === 'drill' ? '' : ` in <#${channel}>`;
  const hit = service === null ? '' : ` (${serviceName(estate, service)})`;
  const raise = wanted < severity;
  const heard = acknowledged_at === null ? 'nobody has acknowledged it yet' : 'it is acknowledged';
  const lines = [
    `:warning: *Nothing was declared, and nobody new is paged.* ${who(estate, declared_by)} declared what looks like the same ${ago} ago:`,
    `${severityWords(estate, severity)} *${name}* ${userLine(title, 800)}${hit}${place}; ${heard}.`,
    `Join it${raise ? `, raise it to ${wanted},` : ''} or declare all the same. Typed again with \`anyway\` at the end it is declared at once.`,
  ];
  const ways: Button[] = [
    button({ text: `Join ${name}`, action_id: 'join', value: String(id), style: 'primary' }),
    ...(raise
      ? [
          button({
            text: `Raise ${name} to ${wanted}`,
            action_id: 'raise',
            value: `${id}|${wanted}`,
            style: 'danger' as const,
          }),
        ]
      : []),
    button({ text: 'Declare all the same', action_id: 'declare-anyway', value: offer }),
  ];
  return { text: lines.join('\n'), blocks: [section(lines.join('\n')), actions(...ways)] };
}
