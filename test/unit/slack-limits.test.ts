import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitBlocks, fitMessage } from '../../src/adapters/slack/limits.ts';
import { truncate } from '../../src/adapters/slack/text.ts';
import type { Json } from '../../src/domain/json.ts';
import { acceptBlocks } from '@lifeboat/stand-ins/slack/blocks';
import { actions, button, context, divider, escapeMrkdwn, fields, header, section } from '../../templates/blocks.ts';

/** Slack's checks, as strict as the stand-in has them. */
function accept(blocks: KnownBlock[]): void {
  let id = 0;
  acceptBlocks(JSON.parse(JSON.stringify(blocks)) as Json, 'message', () => `id${(id += 1)}`);
}

const long = (length: number): string => 'x'.repeat(length);
const press = (value = 'v', text = 'Press') => button({ text, action_id: 'a', value });

describe('truncate', () => {
  test('leaves what fits and ends the rest with an ellipsis at exactly the limit', () => {
    expect(truncate(long(10), 10)).toBe(long(10));
    expect(truncate(long(11), 10)).toBe(`${long(9)}…`);
  });

  test('never cuts a character in two, whichever way Slack counts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 2, max: 40 }), (text, max) => {
        const cut = truncate(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });

  test.each([
    ['aaaa &amp; b', 8, 'aaaa …'],
    ['aaaa <@U123456> b', 10, 'aaaa …'],
    ['aaaa <https://example.com|there> b', 20, 'aaaa …'],
    ['a <@U1> bbbbbbbbbb', 12, 'a <@U1> bbb…'],
  ])('does not tear the mark-up of "%s" at %d', (text, max, wanted) => {
    expect(truncate(text, max)).toBe(wanted);
  });
});

describe('a message for Slack', () => {
  test('keeps what is within the limits, untouched', () => {
    const blocks = [header('H'), section('S', press()), fields('a', 'b'), context('c'), actions(press()), divider()];
    const before = structuredClone(blocks);
    expect(fitMessage({ text: 't', blocks })).toEqual({ text: 't', blocks: before });
    expect(fitMessage({ text: 't' })).toEqual({ text: 't' });
    accept(blocks);
  });

  test('does not change the blocks that it is given', () => {
    const blocks = [section(long(5_000))];
    fitBlocks(blocks);
    expect(blocks[0]).toEqual(section(long(5_000)));
  });

  test('has its text shortened to 4000', () => {
    expect(fitMessage({ text: long(4_001) }).text).toBe(`${long(3_999)}…`);
  });

  const tooMuch: [string, KnownBlock[]][] = [
    ['a section', [section(long(3_001))]],
    ['fields', [fields(...Array.from({ length: 12 }, () => long(2_001)))]],
    ['a header', [header(long(151))]],
    ['context', [context(...Array.from({ length: 12 }, () => long(3_001)))]],
    ['actions', [actions(...Array.from({ length: 27 }, () => press('v', long(80))))]],
    [
      'a confirmation',
      [
        actions(
          button({
            text: 'x',
            action_id: 'a',
            value: 'v',
            confirm: { title: long(101), text: long(301), confirm: long(31), deny: long(31) },
          }),
        ),
      ],
    ],
    [
      'empty texts',
      [
        section(''),
        header(''),
        context('', 'x'),
        context(''),
        fields('', 'x'),
        fields(),
        actions(),
        section('x', press('v', '')),
      ],
    ],
    [
      'a repeated block_id',
      [
        { ...divider(), block_id: 'b' },
        { ...divider(), block_id: 'b' },
        { ...divider(), block_id: long(256) },
      ],
    ],
    [
      'an image',
      [
        {
          type: 'image',
          alt_text: long(2_001),
          image_url: 'https://example.com/a.png',
          title: { type: 'plain_text', text: long(2_001) },
        },
      ],
    ],
    ['markdown', [{ type: 'markdown', text: long(12_001) }]],
    [
      'a table',
      [
        {
          type: 'table',
          rows: Array.from({ length: 101 }, () =>
            Array.from({ length: 21 }, () => ({ type: 'raw_text' as const, text: 'c' })),
          ),
        },
      ],
    ],
    [
      'a menu',
      [
        actions({
          type: 'static_select',
          action_id: 's',
          placeholder: { type: 'plain_text', text: long(151) },
          options: Array.from({ length: 101 }, (_, n) => ({
            text: { type: 'plain_text' as const, text: long(76) },
            value: String(n),
          })),
        } as never),
      ],
    ],
    ['fifty-one blocks', Array.from({ length: 51 }, () => divider())],
  ];
  test.each(tooMuch)('has %s cut to what Slack takes', (_, blocks) => {
    expect(() => accept(blocks)).toThrow();
    expect(() => accept(fitBlocks(blocks))).not.toThrow();
  });

  test('says in its last line how many blocks are missing, and keeps its buttons', () => {
    const many = [header('H'), ...Array.from({ length: 70 }, (_, n) => section(`line ${n}`)), actions(press())];
    const fitted = fitBlocks(many);
    expect(fitted).toHaveLength(50);
    expect(fitted[0]).toEqual(header('H'));
    expect(fitted.at(-2)).toEqual(actions(press()));
    expect(fitted.at(-1)).toEqual(context('_23 more parts are not shown: Slack takes 50 in one message._'));
  });

  test('loses a button whose value would be cut, because a cut id means another thing', () => {
    expect(fitBlocks([actions(press(long(2_001)), press('kept'))])).toEqual([actions(press('kept'))]);
    expect(fitBlocks([section('s', press(long(2_001)))])).toEqual([section('s')]);
  });

  test('is taken by Slack whatever it holds', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.nat({ max: 5_000 }).map(long),
      fc.constant('😀'.repeat(2_000)),
    );
    const pressed = fc
      .tuple(text, text, text)
      .map(([label, action_id, value]) => button({ text: label, action_id, value }));
    const block: fc.Arbitrary<KnownBlock> = fc.oneof(
      fc.tuple(text, fc.option(pressed, { nil: undefined })).map(([words, accessory]) => section(words, accessory)),
      text.map(header),
      fc.array(text, { maxLength: 12 }).map((all) => context(...all)),
      fc.array(text, { maxLength: 12 }).map((all) => fields(...all)),
      fc.array(pressed, { maxLength: 30 }).map((all) => actions(...all)),
      text.map((block_id) => ({ ...divider(), block_id })),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 60, size: 'max' }), (blocks) => {
        accept(fitBlocks(blocks));
      }),
      { numRuns: 50 },
    );
  });
});

test('text that a person wrote cannot mention, link or format', () => {
  expect(escapeMrkdwn('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  expect(escapeMrkdwn('a*b')).toBe('a*b');
  expect(escapeMrkdwn('*a* _b_ ~c~ `d`', { inert: true }).replaceAll('\u200B', '')).toBe('*a* _b_ ~c~ `d`');
  expect(escapeMrkdwn('*a*', { inert: true })).toBe('*\u200Ba*\u200B');
});
