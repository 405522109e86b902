/*
 * Characters that nobody types on purpose and nobody sees: they break comparisons, and the direction overrides show
 * words in another order than they stand in. The joiners U+200C and U+200D stay, since emoji and some scripts need them.
 */
const INVISIBLE = /[\0\u00AD\u180E\u200B\u2060\uFEFF]/g;
const DIRECTION = /[\u202A-\u202E\u2066-\u2069]/g;

/** The text without what nobody sees, and without halves of characters, which PostgreSQL would store as something else. */
export const visible = (text: string): string =>
  text
    .replaceAll(INVISIBLE, '')
    .replaceAll(DIRECTION, '')
    .replaceAll(/\p{Cs}/gu, '\uFFFD');

/** The text without the marks that would turn the direction of what stands around it. */
export const undirected = (text: string): string => text.replaceAll(DIRECTION, '');
