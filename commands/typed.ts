import type { Estate } from '../src/domain/estate/model.ts';
import { plainName, slackActor } from '../src/domain/estate/people.ts';
import { visible } from '../src/domain/text/invisible.ts';

/*
 * Slack sends what people type with marks of its own: links, mentions and dates in `<…>`, and three characters as
 * entities. This is the one place that reads them; everything behind it has the words that the person meant.
 */

/** In one pass, so that what is decoded is not read again: who types `<!here>` sends `&lt;!here&gt;`. */
const MARK =
  /<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>|<#([A-Z0-9]+)(?:\|([^<>]*))?>|<!([^<>|]+)(?:\|([^<>]*))?>|<((?:[a-z][a-z0-9+.-]*:\/\/|mailto:|tel:)[^<>|]+)(?:\|([^<>]*))?>|&(amp|lt|gt);/gi;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>' };

/**
 * What a person typed. A mention stays one, which `inWords` turns into a name and `readPerson` into an actor.
 * `links`: in a sentence a link keeps its words, as a value it is its address.
 */
export function readTyped(text: string, { links = 'words' }: { links?: 'words' | 'address' } = {}): string {
  const read = visible(text).replaceAll(
    MARK,
    (
      mark: string,
      user?: string,
      name?: string,
      channel?: string,
      room?: string,
      special?: string,
      label?: string,
      address?: string,
      shown?: string,
      entity?: string,
    ) => {
      if (entity !== undefined) return ENTITIES[entity.toLowerCase()] ?? mark;
      if (user !== undefined) return name ? `<@${user}|${decoded(name)}>` : `<@${user}>`;
      if (channel !== undefined) return `#${decoded(room || channel)}`;
      if (special !== undefined) return called(special, decoded(label ?? ''));
      return linked(decoded(address ?? ''), decoded(shown ?? ''), links);
    },
  );
  return read.trim();
}

const decoded = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt);/g, (mark, entity: string) => ENTITIES[entity] ?? mark);

/** `<!here>`, `<!subteam^S1|@dba>`, `<!date^1795144440^{date}|Friday>`: words that call nobody. */
function called(special: string, label: string): string {
  const [kind = '', id = ''] = special.split('^');
  if (kind === 'date') return label || dated(Number(id));
  if (kind === 'subteam') return `@${label.replace(/^@/, '') || id}`;
  return label || `@${kind}`;
}

function dated(seconds: number): string {
  const at = new Date(seconds * 1000);
  return Number.isNaN(at.getTime()) ? 'some time' : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Slack makes a link of what looks like one: `db.example.com`, an e-mail address, a telephone number. */
function linked(address: string, shown: string, links: 'words' | 'address'): string {
  const bare = address.replace(/^(?:mailto:|tel:)/i, '');
  if (bare !== address) return links === 'words' && shown !== '' && shown !== bare ? `${shown} (${bare})` : bare;
  if (address === `http://${shown}`) return shown;
  const own = shown === '' || address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').startsWith(shown.replace(/…$/, ''));
  return own || shown === address || links === 'address' ? address : `${shown} (${address})`;
}

const MENTION = /<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>/g;

/** The words for others: people by their names, whom that notifies of nothing. */
export const inWords = (text: string, estate: Estate): string =>
  text.replaceAll(MENTION, (_mark, user: string, shown?: string) => {
    const actor = slackActor(user);
    const name = plainName(estate, actor);
    return `@${name === actor ? shown?.replace(/^@/, '') || user : name}`;
  });
