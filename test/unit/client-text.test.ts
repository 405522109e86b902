import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clipText } from '@lifeboat/sandbox/client/blocks/clip-text';
import { emoji, emojiNames } from '@lifeboat/sandbox/client/blocks/emoji';
import { placeOf, safeImage, safeLink } from '@lifeboat/sandbox/client/blocks/links';
import { richText } from '@lifeboat/sandbox/client/blocks/rich-text-tree';
import { formatDate } from '@lifeboat/sandbox/client/blocks/slack-date';
import { ROOT } from '../../src/runtime/paths.ts';
import { placeUrl } from '../../templates/buttons.ts';

describe('dates', () => {
  const at = Date.parse('2026-11-20T03:14:09Z') / 1000;
  const reader = { now: new Date('2026-11-20T03:20:00Z'), timeZone: 'Europe/Berlin', hour12: true };
  it.each([
    ['{date_num}', '2026-11-20'],
    ['{date_slash}', '11/20/2026'],
    ['{date}', 'November 20th'],
    ['{date_long}', 'Friday, November 20th'],
    ['{date_long_full}', 'Friday, November 20th, 2026'],
    ['{date_short}', 'Nov 20'],
    ['{date_pretty}', 'today'],
    ['{date_short_pretty} at {time}', 'today at 4:14 AM'],
    ['{time_secs}', '4:14:09 AM'],
    ['{ago}', '5 minutes ago'],
    ['{nonsense}', '{nonsense}'],
  ])('are written as Slack writes %s, in the reader’s zone', (format, words) => {
    expect(formatDate(at, format, reader)).toBe(words);
  });

  it('go by the reader’s calendar, not by hours', () => {
    const zones = ['Pacific/Auckland', 'Europe/Berlin', 'America/New_York'];
    const evening = { ...reader, now: new Date('2026-11-20T12:00:00Z') };
    const words = zones.map((timeZone) =>
      formatDate(at, '{date_pretty} {time}', { ...evening, timeZone, hour12: false }),
    );
    expect(words).toEqual(['yesterday 16:14', 'today 04:14', 'yesterday 22:14']);
  });

  it('name the year once it is half a year away, and end ordinals as English does', () => {
    const old = (day: string): string =>
      formatDate(Date.parse(`${day}T12:00:00Z`) / 1000, '{date}', { ...reader, timeZone: 'UTC' });
    expect(['2025-01-01', '2025-01-02', '2025-01-03', '2025-01-11', '2025-01-22'].map(old)).toEqual([
      ...['January 1st, 2025', 'January 2nd, 2025', 'January 3rd, 2025', 'January 11th, 2025', 'January 22nd, 2025'],
    ]);
  });

  it('begin a line with a capital, and say nothing of a moment that is none', () => {
    expect(formatDate(at, '{date_pretty}', reader, true)).toBe('Today');
    expect(formatDate(1e13, '{date}', reader)).toBe('');
  });
});

describe('links', () => {
  it('lead to http, https and mail only', () => {
    expect(['https://example.com', 'http://a.example.com', 'mailto:ana@example.com'].map(safeLink)).not.toContain(null);
    for (const bad of [
      'javascript:alert(1)',
      ' java\nscript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      '/x',
      '',
    ]) {
      expect(safeLink(bad)).toBe(null);
    }
    expect(safeImage('data:image/png;base64,AAAA')).not.toBe(null);
    expect(safeImage('data:text/html,x')).toBe(null);
  });

  it('open the place in Slack that Lifeboat’s buttons lead to', () => {
    expect(placeOf(placeUrl('C0INC12'))).toEqual({ channel: 'C0INC12' });
    expect(placeOf(placeUrl('C0INC12', '1795145400.000200'))).toEqual({ channel: 'C0INC12', ts: '1795145400.000200' });
    expect(placeOf('https://example.slack.com/archives/C0INC12/p1795145400000200')).toEqual({
      ...{ channel: 'C0INC12', ts: '1795145400.000200' },
    });
    expect(placeOf('https://example.com/archives/C0INC12')).toBe(null);
    expect(placeOf('https://example.com')).toBe(null);
  });
});

describe('long sections', () => {
  it('are folded between lines, with nothing cut through', () => {
    expect(clipText('short')).toBe(null);
    const lines = Array.from({ length: 40 }, (_, n) => `• step ${n} does <@U01ANA> something`).join('\n');
    const head = clipText(lines) ?? '';
    expect(lines.startsWith(`${head}\n`)).toBe(true);
    expect(head.length).toBeGreaterThan(400);
    expect(clipText(`${'x '.repeat(340)}<https://example.com/${'y'.repeat(400)}|words>`)).not.toContain('<');
    expect(clipText(`\`\`\`\n${'code\n'.repeat(300)}\`\`\``)?.endsWith('\n```')).toBe(true);
  });
});

describe('emoji', () => {
  it('are known for every name that a message uses', async () => {
    const files = await readdir(join(ROOT, 'templates'));
    const texts = await Promise.all(files.map((file) => readFile(join(ROOT, 'templates', file), 'utf8')));
    const used = texts.flatMap((text) =>
      [...text.matchAll(/[\s'"*`]:([a-z_]{3,}):[\s'"*]/g)].map(([, name]) => name ?? ''),
    );
    expect(used.length).toBeGreaterThan(15);
    expect(used.filter((name) => !emoji.has(name))).toEqual([]);
  });

  it('stand once each in the picker', () => {
    expect(emojiNames.length).toBeGreaterThan(120);
    expect(new Set(emojiNames.map((name) => emoji.get(name))).size).toBe(emojiNames.length);
    for (const character of emoji.values()) expect(character).toMatch(/^\p{Emoji}/u);
  });
});

describe('rich text', () => {
  it('keeps styles, lists with their depth, quotes and code', () => {
    const text = (words: string, style = {}) => ({ type: 'text', text: words, style });
    const tree = richText({
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [text('a', { bold: true, italic: true }), { type: 'user', user_id: 'U1' }],
        },
        { type: 'rich_text_list', style: 'ordered', indent: 1, offset: 2, elements: [{ elements: [text('b')] }] },
        { type: 'rich_text_quote', elements: [text('q')] },
        { type: 'rich_text_preformatted', elements: [text('x\ny')] },
        {
          type: 'rich_text_section',
          elements: [
            { type: 'link', url: 'javascript:alert(1)', text: 'press' },
            { type: 'emoji', name: 'odd', unicode: '1f4a5' },
          ],
        },
      ],
    });
    expect(tree).toEqual([
      {
        kind: 'paragraph',
        children: [
          { kind: 'bold', children: [{ kind: 'italic', children: [{ kind: 'text', text: 'a' }] }] },
          { kind: 'user', id: 'U1', label: '' },
        ],
      },
      { kind: 'list', ordered: true, items: [{ marker: 'c.', indent: 1, children: [{ kind: 'text', text: 'b' }] }] },
      { kind: 'quote', children: [{ kind: 'paragraph', children: [{ kind: 'text', text: 'q' }] }] },
      { kind: 'pre', text: 'x\ny' },
      {
        kind: 'paragraph',
        children: [
          { kind: 'text', text: 'press' },
          { kind: 'text', text: '💥' },
        ],
      },
    ]);
  });

  it('makes nothing of what is not rich text', () => {
    expect(richText({ elements: 'x' })).toEqual([]);
    expect(
      richText({ elements: [null, 3, { type: 'rich_text_section', elements: [null, { type: 'odd' }] }] }),
    ).toHaveLength(1);
  });
});
