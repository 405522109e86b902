import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from '@lifeboat/sandbox/client/blocks/markdown-parse';
import { parseMrkdwn } from '@lifeboat/sandbox/client/blocks/mrkdwn-parse';
import type { Inline, TextBlock } from '@lifeboat/sandbox/client/blocks/text-tree';
import { escapeMrkdwn } from '../../templates/blocks.ts';
import { userText } from '../../templates/words.ts';

/* A tree written down again, so that a test can be read: <b>bold</b>, <a href>words</a>, [user U1]. */

const TAGS = { bold: 'b', italic: 'i', strike: 's', underline: 'u' } as const;

function inline(node: Inline): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return `<code>${node.text}</code>`;
    case 'break':
      return '<br>';
    case 'link':
      return `<a ${node.url}>${node.children.map(inline).join('')}</a>`;
    case 'emoji':
      return `[emoji ${node.name}]`;
    case 'broadcast':
      return `[all ${node.range}]`;
    case 'color':
      return `[color ${node.value}]`;
    case 'date':
      return `[date ${node.seconds} ${node.format} ${node.fallback}${node.leads ? ' leads' : ''}]`;
    case 'user':
    case 'channel':
    case 'group':
      return `[${[node.kind, node.id, node.label].filter(Boolean).join(' ')}]`;
    case 'bold':
    case 'italic':
    case 'strike':
    case 'underline':
      return `<${TAGS[node.kind]}>${node.children.map(inline).join('')}</${TAGS[node.kind]}>`;
  }
}

function block(node: TextBlock): string {
  switch (node.kind) {
    case 'pre':
      return `<pre>${node.text}</pre>`;
    case 'rule':
      return '<hr>';
    case 'quote':
      return `<q>${node.children.map(block).join('')}</q>`;
    case 'list':
      return `<${node.ordered ? 'ol' : 'ul'}>${node.items.map((item) => `<li ${item.indent} ${item.marker}>${item.children.map(inline).join('')}`).join('')}</>`;
    case 'heading':
      return `<h${node.level}>${node.children.map(inline).join('')}</h>`;
    case 'paragraph':
      return `<p>${node.children.map(inline).join('')}</p>`;
  }
}

const shown = (text: string): string => parseMrkdwn(text).map(block).join('');
const line = (text: string): string => shown(text).replace(/^<p>(.*)<\/p>$/s, '$1');
const markdown = (text: string): string => parseMarkdown(text).map(block).join('');

describe('mrkdwn', () => {
  it.each([
    ['*bold* _italic_ ~strike~', '<b>bold</b> <i>italic</i> <s>strike</s>'],
    ['*_both_*', '<b><i>both</i></b>'],
    ['(*bold*), *and*:', '(<b>bold</b>), <b>and</b>:'],
    ['snake_case_word 2*3*4', 'snake_case_word 2*3*4'],
    ['* no * *', '* no * *'],
    ['*never closed', '*never closed'],
    ['`*code* &lt;`', '<code>*code* <</code>'],
    ['*`a*b` c*', '<b><code>a*b</code> c</b>'],
    ['*State:* Open', '<b>State:</b> Open'],
    ['a &lt;b&gt; &amp;amp; &quot;', 'a <b> &amp; &quot;'],
    ['*\u200Binert*\u200B', '*\u200Binert*\u200B'],
  ])('formats %j', (text, tree) => {
    expect(line(text)).toBe(tree);
  });

  it.each([
    ['<https://example.com/a?b=1&amp;c|the &lt;page&gt;>', '<a https://example.com/a?b=1&c>the <page></a>'],
    ['<https://example.com>', '<a https://example.com/>https://example.com</a>'],
    ['<mailto:ana@example.com|ana@example.com>', '<a mailto:ana@example.com>ana@example.com</a>'],
    ['see https://example.com/a_b_c, now', 'see <a https://example.com/a_b_c>https://example.com/a_b_c</a>, now'],
    ['*<https://example.com/a*b|x>*', '<b><a https://example.com/a*b>x</a></b>'],
    ['<javascript:alert(1)|press>', 'press'],
    ['<java\tscript:alert(1)|press>', '<java\tscript:alert(1)|press>'],
    ['<data:text/html,x>', 'data:text/html,x'],
    ['`<https://example.com|code>`', '<code>code</code>'],
    ['a < b > c', 'a < b > c'],
  ])('links %j only where a link may lead', (text, tree) => {
    expect(line(text)).toBe(tree);
  });

  it.each([
    ['<@U01ANA> <@U01ANA|ana>', '[user U01ANA] [user U01ANA ana]'],
    ['<#C0GENERAL|general>', '[channel C0GENERAL general]'],
    ['<!here> <!channel> <!subteam^S1|@ops>', '[all here] [all channel] [group S1 @ops]'],
    ['<!date^1795144440^{date} at {time}|20 Nov>', '[date 1795144440 {date} at {time} 20 Nov leads]'],
    ['due <!date^1795144440^{time}^https://example.com|x>', 'due [date 1795144440 {time} x]'],
    ['<!unknown^thing|words>', 'words'],
    [':white_check_mark: :+1: 03:14:00', '[emoji white_check_mark] [emoji +1] 03:14:00'],
    ['_:wave: there_', '<i>[emoji wave] there</i>'],
  ])('reads %j', (text, tree) => {
    expect(line(text)).toBe(tree);
  });

  it('keeps lines, and parts paragraphs, lists, quotes and code', () => {
    expect(shown('one\ntwo\n\nthree')).toBe('<p>one<br>two</p><p>three</p>');
    expect(shown('*To do*\n• *a*\n  • b\nend')).toBe('<p><b>To do</b></p><ul><li 0 •><b>a</b><li 1 •>b</><p>end</p>');
    expect(shown('1. a\n2. b')).toBe('<ol><li 0 1.>a<li 0 2.>b</>');
    expect(shown('> a\n&gt; *b*\nc')).toBe('<q><p>a<br><b>b</b></p></q><p>c</p>');
    expect(shown('a\n>>> b\n\nc')).toBe('<p>a</p><q><p>b</p><p>c</p></q>');
    expect(shown('a\n```\n*x* &lt;\n  y\n```\nb')).toBe('<p>a</p><pre>*x* <\n  y</pre><p>b</p>');
    expect(shown('```never closed')).toBe('<p>```never closed</p>');
  });

  it('shows what a person wrote as it was written, once Lifeboat has escaped it', () => {
    const written = fc.string({ unit: fc.constantFrom(...Array.from('<>&*_~`|@!#:^a b\n-')), maxLength: 40 });
    fc.assert(
      fc.property(written, (text) => {
        const nodes = parseMrkdwn(escapeMrkdwn(text, { inert: true }));
        const seen = JSON.stringify(nodes);
        expect(seen).not.toMatch(/"kind":"(bold|italic|strike|code|user|channel|group|broadcast|date|link)"/);
      }),
    );
  });

  it('mentions nobody for the sake of what a person wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('<>&@!#|^U1here`*')), maxLength: 40 }), (text) => {
        const seen = JSON.stringify(parseMrkdwn(escapeMrkdwn(userText(text))));
        expect(seen).not.toMatch(/"kind":"(user|channel|group|broadcast|date)"/);
      }),
    );
  });

  it('survives any text, in time, and links nowhere but to http, https and mail', () => {
    const pieces = fc.constantFrom(
      ...['<', '>', '|', '*', '_', '~', '`', '```', '\n', '&lt;', '<@U1', '<!date^', '^', 'javascript:', 'https://'],
      ...['data:', ':', 'a', ' ', '[', '](', ')', '**', '#', '- ', '1. ', '> ', '\u200B', '💥', '<mailto:'],
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (input) => {
        for (const tree of [parseMrkdwn(input), parseMarkdown(input)]) {
          for (const [, url] of JSON.stringify(tree).matchAll(/"url":"([^"]*)"/g)) {
            expect(url).toMatch(/^(https?:\/\/|mailto:)/);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('reads the longest text of hostile marks within a second', () => {
    for (const mark of ['*', '_a', '*a ', '`', '<', '[', '**a ', '>', '<a:', '```\n']) {
      const begun = performance.now();
      parseMrkdwn(mark.repeat(12_000 / mark.length));
      parseMarkdown(mark.repeat(12_000 / mark.length));
      expect(performance.now() - begun, mark).toBeLessThan(1000);
    }
  });
});

describe('the markdown block', () => {
  it('is read as markdown, not as mrkdwn', () => {
    expect(markdown('# Title\n**b** *i* ~~s~~ [x](https://example.com)')).toBe(
      '<h1>Title</h><p><b>b</b> <i>i</i> <s>s</s> <a https://example.com/>x</a></p>',
    );
    expect(markdown('- a\n  1. b\n\n---\n> q\n\n```sh\nls\n```')).toBe(
      '<ul><li 0 •>a<li 1 1.>b</><hr><q><p>q</p></q><pre>ls</pre>',
    );
    expect(markdown('[x](javascript:alert)')).toBe('<p>x</p>');
  });
});
