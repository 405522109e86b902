import { safeLink } from './links.ts';
import { textNode, type Inline } from './text-tree.ts';

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack escapes three characters and no others. */
export const unescape = (text: string): string => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? '');

/** Reads what stands between `<` and `>`; null when it is nothing of Slack's, and so just text. */
export function parseEntity(inner: string, leads: boolean): Inline | null {
  const bar = inner.indexOf('|');
  const head = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : unescape(inner.slice(bar + 1));
  if (/^@[A-Z0-9]+$/.test(head)) return { kind: 'user', id: head.slice(1), label };
  if (/^#[A-Z0-9]+$/.test(head)) return { kind: 'channel', id: head.slice(1), label };
  if (head.startsWith('!')) return parseSpecial(head.slice(1), label, leads);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(head)) return null;
  return linkNode(unescape(head), label);
}

/** A link, or only its words when nobody should follow it. */
export function linkNode(url: string, label: string, children?: Inline[]): Inline {
  const words = children ?? [textNode(label === '' ? url.replace(/^mailto:/i, '') : label)];
  const safe = safeLink(url);
  return safe === null ? textNode(label === '' ? url : label) : { kind: 'link', url: safe, children: words };
}

function parseSpecial(command: string, label: string, leads: boolean): Inline {
  if (/^(here|channel|everyone)$/.test(command)) return { kind: 'broadcast', range: command };
  const [, group] = /^subteam\^(\w+)$/.exec(command) ?? [];
  if (group !== undefined) return { kind: 'group', id: group, label };
  const [, seconds, format, url] = /^date\^(-?\d{1,12})\^([^^]*)(?:\^(.*))?$/.exec(command) ?? [];
  if (seconds === undefined || format === undefined) return textNode(label === '' ? `<!${command}>` : label);
  return {
    ...{ kind: 'date', seconds: Number(seconds), format: unescape(format), fallback: label, leads },
    url: url === undefined ? null : safeLink(unescape(url)),
  };
}

/** Inside code Slack formats nothing; an entity shows its words. */
export const plainCode = (text: string): string =>
  unescape(text.replace(/<(?:[a-z][a-z0-9+.-]*:[^<>|\n]*)(?:\|([^<>\n]*))?>/gi, linkWords));

const linkWords = (whole: string, label: string | undefined): string => label ?? whole.slice(1, -1);
