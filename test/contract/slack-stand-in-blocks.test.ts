import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { acceptBlocks, acceptView } from '@lifeboat/stand-ins/slack/blocks';
import { SlackRefusal } from '@lifeboat/stand-ins/slack/refusal';

let ids = 0;
const nextId = () => {
  ids += 1;
  return `id${ids}`;
};

function problemsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof SlackRefusal) return error.messages;
    throw error;
  }
}
const blockProblems = (...blocks: JsonObject[]) => problemsOf(() => acceptBlocks(blocks, 'message', nextId));
const viewProblems = (view: JsonObject) => problemsOf(() => acceptView(view, nextId));

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string): JsonObject => ({ type: 'section', text: mrkdwn(text) });
const button = (more: JsonObject = {}): JsonObject => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: JsonObject[]): JsonObject => ({ type: 'actions', elements });
const options = (count: number) => Array.from({ length: count }, (_, n) => ({ text: plain(`o${n}`), value: `v${n}` }));
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

describe('blocks at the limit pass, and one more is refused with its place', () => {
  const pairs: [string, JsonObject[], JsonObject[], string][] = [
    ['50 blocks', times(50, () => section('x')), times(51, () => section('x')), '/blocks'],
    ['3000 characters in a section', [section('é'.repeat(3000))], [section('x'.repeat(3001))], '/blocks/0/text/text'],
    [
      '10 fields',
      [{ type: 'section', fields: times(10, () => mrkdwn('f')) }],
      [{ type: 'section', fields: times(11, () => mrkdwn('f')) }],
      '/blocks/0/fields',
    ],
    [
      '2000 characters in a field',
      [{ type: 'section', fields: [mrkdwn('x'.repeat(2000))] }],
      [{ type: 'section', fields: [mrkdwn('x'.repeat(2001))] }],
      '/blocks/0/fields/0/text',
    ],
    [
      '150 characters in a header',
      [{ type: 'header', text: plain('x'.repeat(150)) }],
      [{ type: 'header', text: plain('x'.repeat(151)) }],
      '/blocks/0/text/text',
    ],
    [
      '25 elements',
      [actions(...times(25, () => button()))],
      [actions(...times(26, () => button()))],
      '/blocks/0/elements',
    ],
    [
      '75 characters on a button',
      [actions(button({ text: plain('x'.repeat(75)) }))],
      [actions(button({ text: plain('x'.repeat(76)) }))],
      '/blocks/0/elements/0/text/text',
    ],
    [
      '2000 characters in a value',
      [actions(button({ value: 'x'.repeat(2000) }))],
      [actions(button({ value: 'x'.repeat(2001) }))],
      '/blocks/0/elements/0/value',
    ],
    [
      '255 characters in an action_id',
      [actions(button({ action_id: 'x'.repeat(255) }))],
      [actions(button({ action_id: 'x'.repeat(256) }))],
      '/blocks/0/elements/0/action_id',
    ],
    [
      '10 context elements',
      [{ type: 'context', elements: times(10, () => mrkdwn('c')) }],
      [{ type: 'context', elements: times(11, () => mrkdwn('c')) }],
      '/blocks/0/elements',
    ],
    [
      '100 options',
      [actions({ type: 'static_select', options: options(100) })],
      [actions({ type: 'static_select', options: options(101) })],
      '/blocks/0/elements/0/options',
    ],
    [
      '300 characters to confirm',
      [actions(button({ confirm: { text: plain('x'.repeat(300)) } }))],
      [actions(button({ confirm: { text: plain('x'.repeat(301)) } }))],
      '/blocks/0/elements/0/confirm/text/text',
    ],
  ];
  it.each(pairs)('%s', (_name, good, bad, place) => {
    expect(blockProblems(...good)).toEqual([]);
    expect(blockProblems(...bad).join()).toContain(`[json-pointer:${place}]`);
  });
});

describe('blocks', () => {
  it('are refused when their type, text type or style is unknown, and when a text is empty or missing', () => {
    expect(blockProblems({ type: 'sextion' })).toEqual(['unsupported type: sextion [json-pointer:/blocks/0/type]']);
    expect(blockProblems({ type: 'header', text: mrkdwn('x') })[0]).toContain('must be plain_text');
    expect(blockProblems(section(''))[0]).toContain('more than 0 characters');
    expect(blockProblems({ type: 'section' })[0]).toContain('missing required field: text');
    expect(blockProblems(actions(button({ style: 'green' })))[0]).toContain('must be one of: primary, danger');
    expect(blockProblems(actions())[0]).toContain('no fewer than 1 items');
  });

  it('must have different ids, and get ids where they have none', () => {
    expect(blockProblems({ ...section('a'), block_id: 'x' }, { ...section('b'), block_id: 'x' })[0]).toContain(
      'already exists',
    );
    const [block] = acceptBlocks([actions({ type: 'button', text: plain('Go') })], 'message', nextId);
    expect(block).toMatchObject({ block_id: expect.any(String), elements: [{ action_id: expect.any(String) }] });
  });

  it('are reported with all their problems at once', () => {
    expect(blockProblems(section('x'.repeat(3001)), actions(button({ value: 'x'.repeat(2001) })))).toHaveLength(2);
  });
});

describe('views', () => {
  const modal = (more: JsonObject = {}): JsonObject => ({ type: 'modal', title: plain('T'), blocks: [], ...more });
  it('hold 100 blocks, a title of 24 and private_metadata of 3000 characters', () => {
    expect(
      viewProblems(
        modal({
          blocks: times(100, () => section('x')),
          title: plain('x'.repeat(24)),
          private_metadata: 'x'.repeat(3000),
        }),
      ),
    ).toEqual([]);
    expect(viewProblems(modal({ blocks: times(101, () => section('x')) }))).toHaveLength(1);
    expect(viewProblems(modal({ title: plain('x'.repeat(25)) }))).toHaveLength(1);
    expect(viewProblems(modal({ private_metadata: 'x'.repeat(3001) }))).toHaveLength(1);
  });

  it('with an input need a submit button', () => {
    const input = { type: 'input', label: plain('L'), element: { type: 'plain_text_input' } };
    expect(viewProblems(modal({ blocks: [input] }))[0]).toContain('submit');
    expect(viewProblems(modal({ blocks: [input], submit: plain('Go') }))).toEqual([]);
  });
});
