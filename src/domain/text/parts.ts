/** How much of a text one message shows, in characters as Slack counts them: a section holds 3000, and marks take some. */
const PART = 2500;
const FENCE = '```';

/** A text in as few parts as messages need, in order; nothing of it is lost. A block of code goes on in the next part. */
export function splitText(text: string, max = PART): string[] {
  const parts: string[] = [];
  let chars = Array.from(text.trim());
  while (chars.length > 0) {
    const end = endOfPart(chars, max);
    parts.push(chars.slice(0, end).join('').trimEnd());
    chars = Array.from(
      chars
        .slice(end)
        .join('')
        .replace(/^(?: *\n)+/, ''),
    );
  }
  return fenced(parts.filter((part) => part !== ''));
}

/** How many of the characters make the next part: up to the last line, else word, that fits, else as many as fit. */
function endOfPart(chars: readonly string[], max: number): number {
  let size = 0;
  let fits = 0;
  while (fits < chars.length && size + sizeOf(chars[fits]) <= max) size += sizeOf(chars[fits++]);
  if (fits === chars.length) return fits;
  const least = Math.floor(fits / 2);
  const at = (test: RegExp): number => chars.findLastIndex((char, n) => n >= least && n < fits && test.test(char));
  const end = Math.max(at(/\n/), -1) + 1 || at(/\s/) + 1;
  return end > 0 ? end : whole(chars, Math.max(1, fits));
}

/** Slack counts the entities that it is sent; a line begins with the bar of a quote, and a call to all is made silent. */
function sizeOf(char = ''): number {
  if (char === '&') return 5;
  if (char === '<' || char === '>') return 4;
  if (char === '\n' || char === '@') return 2;
  return char.length;
}

/** Not between a letter and its accents, nor within an emoji that is made of several. */
function whole(chars: readonly string[], end: number): number {
  for (let at = end; at > Math.max(0, end - 30); at -= 1) {
    if (!/^[\p{M}\u200D\uFE0F]$/u.test(chars[at] ?? '') && chars[at - 1] !== '\u200D') return at;
  }
  return end;
}

/** Code that is open where a part ends is closed there and opened again in the next. */
function fenced(parts: string[]): string[] {
  let open = false;
  return parts.map((part) => {
    const begun = open ? `${FENCE}\n${part}` : part;
    open = (begun.split(FENCE).length - 1) % 2 === 1;
    return open && part !== parts.at(-1) ? `${begun}\n${FENCE}` : begun;
  });
}
