import type { Estate } from '../../src/domain/estate-model.ts';

/* Slack's mrkdwn as HTML, as far as Lifeboat's messages use it. */

/** Drawn here, so that the picture needs no fonts of its own. */
const EMOJI: Record<string, string> = {
  red_circle: '<circle cx="10" cy="10" r="8" fill="#d92d3a"/>',
  large_orange_circle: '<circle cx="10" cy="10" r="8" fill="#f08c2b"/>',
  hourglass:
    '<path d="M5 2h10v3l-4 5 4 5v3H5v-3l4-5-4-5z" fill="#e9c46a" stroke="#8a6d2f" stroke-width="1.4" stroke-linejoin="round"/>',
  raised_hand:
    '<g fill="#f6c544" stroke="#b5851c" stroke-width=".7"><rect x="4.4" y="4" width="2.8" height="9" rx="1.4"/><rect x="7.3" y="2" width="2.8" height="10" rx="1.4"/><rect x="10.2" y="2.4" width="2.8" height="10" rx="1.4"/><rect x="13.1" y="4.4" width="2.6" height="9" rx="1.3"/><path d="M4.4 10h11.3v3.4a5.2 5.2 0 0 1-10 1.8l-3.5-4.6c-.9-1.3.7-2.4 1.6-1.5z"/></g>',
};

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function emoji(text: string): string {
  return text.replaceAll(/:([a-z_]+):/g, (_, name: string) => {
    const drawing = EMOJI[name];
    if (drawing === undefined) throw new Error(`the picture cannot draw :${name}: yet; add it to EMOJI`);
    return `<svg class="emoji" viewBox="0 0 20 20">${drawing}</svg>`;
  });
}

/** Text arrives escaped as Slack wants it (&amp; &lt; &gt;), so only what stands between < and > is markup. */
export function mrkdwn(text: string, estate: Estate): string {
  const pieces = text.split(/(`[^`\n]+`|<[^>]+>)/);
  const html = pieces.map((piece) => {
    if (piece.startsWith('`')) return `<code>${piece.slice(1, -1)}</code>`;
    if (piece.startsWith('<@')) return `<span class="mention">@${nameOf(piece.slice(2, -1), estate)}</span>`;
    if (piece.startsWith('<!date')) return piece.slice(piece.lastIndexOf('|') + 1, -1);
    if (piece.startsWith('<')) throw new Error(`the picture cannot draw ${piece} yet`);
    return emoji(piece);
  });
  return html
    .join('')
    .replaceAll(/\*([^*\n]+)\*/g, '<b>$1</b>')
    .split('\n')
    .map((line) => (/^(•|\d+\.) /.test(line) ? `<div class="item">${line}</div>` : `<div>${line}</div>`))
    .join('');
}

function nameOf(slack: string, estate: Estate): string {
  return Object.values(estate.people).find((person) => person.slack === slack)?.name ?? slack;
}
