/**
 * Shortens text to `max` UTF-16 units, ending in '…'; never cuts a character, an entity such as `&amp;` or a `<…>` of
 * mrkdwn in two. UTF-16 units are the stricter count, so the result fits whichever way Slack counts.
 */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  let cut = text.slice(0, max - 1);
  if (isHighSurrogate(cut.charCodeAt(cut.length - 1))) cut = cut.slice(0, -1);
  return `${withoutTornEnd(cut)}…`;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

function withoutTornEnd(cut: string): string {
  const entity = /&[a-z]{0,4}$/.exec(cut);
  if (entity !== null) return cut.slice(0, entity.index);
  const open = cut.lastIndexOf('<');
  // A raw `<` far back is no mention or link: Slack's longest URL has 3000 characters.
  return open > cut.lastIndexOf('>') && cut.length - open <= 3000 && open > 0 ? cut.slice(0, open) : cut;
}
