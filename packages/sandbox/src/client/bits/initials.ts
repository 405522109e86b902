/** How many colours style/avatars.css has. */
const TINTS = 10;

export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\d]/u.test(word));
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return (
    [first, last]
      .map((word) => String.fromCodePoint(word?.codePointAt(0) ?? 32).trim())
      .join('')
      .toUpperCase() || '?'
  );
}

/** The number of a person's colour: by the order in which people came, so that the first ones differ. */
export function tint(ids: Iterable<string>, id: string): number {
  return Math.max(0, [...ids].indexOf(id)) % TINTS;
}
