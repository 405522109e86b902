import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { choicesOf } from '@lifeboat/sandbox/client/blocks/choices';
import { grouped, matching } from '@lifeboat/sandbox/client/blocks/combobox-list';
import { inputKey, problemsOf, valueOf, valuesOf } from '@lifeboat/sandbox/client/forms/form-values';
import { enteredValue } from '@lifeboat/stand-ins/slack/gestures';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';

const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
const options = ['P0', 'P1'].map((value) => ({ text: plain(`Severity ${value}`), value }));

function input(name: string, element: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'input', block_id: name, label: plain(name), element: { action_id: name, ...element }, ...more };
}

const view = (blocks: JsonObject[], state: JsonObject = {}): SlackView => ({
  ...{ id: 'V1', user: 'U1', type: 'modal', callback_id: 'x', hash: '1', private_metadata: '', external_id: '' },
  ...{ root_view_id: 'V1', previous_view_id: null, view: {}, blocks, state },
});

const EVERY: [JsonObject, string | string[]][] = [
  [{ type: 'plain_text_input', initial_value: 'words' }, 'words'],
  [{ type: 'number_input', initial_value: '3' }, '3'],
  [{ type: 'static_select', options, initial_option: options[1] ?? {} }, 'P1'],
  [{ type: 'radio_buttons', options, initial_option: options[0] ?? {} }, 'P0'],
  [{ type: 'checkboxes', options, initial_options: options }, ['P0', 'P1']],
  [{ type: 'multi_static_select', options, initial_options: options.slice(1) }, ['P1']],
  [{ type: 'users_select', initial_user: 'U1' }, 'U1'],
  [{ type: 'conversations_select', initial_conversation: 'C1' }, 'C1'],
  [{ type: 'multi_users_select', initial_users: ['U1', 'U2'] }, ['U1', 'U2']],
  [{ type: 'multi_channels_select', initial_channels: ['C1'] }, ['C1']],
  [{ type: 'datepicker', initial_date: '2026-11-20' }, '2026-11-20'],
  [{ type: 'timepicker', initial_time: '03:14' }, '03:14'],
  [{ type: 'datetimepicker', initial_date_time: 1795144440 }, '1795144440'],
];

describe('a form', () => {
  it.each(EVERY)('begins with what the bot put in: %o', (element, value) => {
    expect(valuesOf(view([input('a', element)]), {})).toEqual({ a: value });
  });

  it.each(EVERY)('shows again what was sent before, and sends what was emptied as empty: %o', (element, value) => {
    const { type } = element;
    const bare = Object.fromEntries(Object.entries(element).filter(([key]) => !key.startsWith('initial')));
    const known = view([input('a', bare)], { a: { a: enteredValue(element, value) } });
    expect(valuesOf(known, {})).toEqual({ a: value });
    const empty = Array.isArray(value) ? [] : '';
    const again = view([input('a', bare)], { a: { a: enteredValue(element, empty) } });
    expect(valuesOf(again, {})).toEqual({ a: empty });
    expect(enteredValue(element, empty)).toMatchObject({ type });
  });

  it('keeps what was typed for the inputs that remain when it changes', () => {
    const [title, reason] = [
      input('title', { type: 'plain_text_input' }),
      input('reason', { type: 'plain_text_input' }),
    ];
    const draft = { [inputKey(title)]: 'Orders fail', [inputKey(reason)]: 'because' };
    const next = view([title, input('reason', { type: 'plain_text_input', action_id: 'other', initial_value: 'new' })]);
    expect(valuesOf(next, draft)).toEqual({ title: 'Orders fail', reason: 'new' });
    expect(valueOf(next, title, {})).toBe('');
  });

  it('says what is wrong before it is sent', () => {
    const blocks = [
      input('title', { type: 'plain_text_input' }),
      input('note', { type: 'plain_text_input' }, { optional: true }),
      input('short', { type: 'plain_text_input', min_length: 5, initial_value: 'abc' }),
      input('mail', { type: 'email_text_input', initial_value: 'ana' }),
      input('link', { type: 'url_text_input', initial_value: 'example' }),
      input('few', { type: 'number_input', min_value: '2', initial_value: '1' }),
      input('whole', { type: 'number_input', initial_value: '1.5' }),
      input('half', { type: 'number_input', is_decimal_allowed: true, initial_value: '1.5' }),
      input('people', { type: 'multi_users_select' }),
      { type: 'section', block_id: 'words', text: plain('Only words') },
    ];
    const found = problemsOf(view(blocks), {});
    expect(Object.keys(found)).toEqual(['title', 'short', 'mail', 'link', 'few', 'whole', 'people']);
    expect(problemsOf(view(blocks.slice(0, 1)), { [inputKey(blocks[0] ?? {})]: '   ' })).toHaveProperty('title');
    expect(problemsOf(view(blocks.slice(0, 1)), { [inputKey(blocks[0] ?? {})]: 'x' })).toEqual({});
  });
});

describe('lists to choose from', () => {
  const user = (id: string, real_name: string, more = {}) => ({ id, name: id, real_name, team_id: 'T1', ...more });
  const channel = (id: string, name: string, more = {}) => ({
    ...{
      id,
      name,
      is_im: false,
      is_private: false,
      is_archived: false,
      created: 0,
      creator: 'U1',
      topic: '',
      purpose: '',
    },
    ...{ members: ['U1'], pins: [], bookmarks: [], ...more },
  });
  const directory = {
    me: 'U1',
    users: new Map(
      [
        user('U2', 'Ben'),
        user('U1', 'Ana'),
        user('B', 'Bot', { is_bot: true }),
        user('X', 'Gone', { deleted: true }),
      ].map((each) => [each.id, each]),
    ),
    channels: new Map(
      [
        ...[
          channel('C1', 'general'),
          channel('C2', 'old', { is_archived: true }),
          channel('G1', 'war-room', { is_private: true }),
        ],
        ...[
          channel('G2', 'others', { is_private: true, members: [] }),
          channel('D1', '', { is_im: true, im_user: 'U2' }),
        ],
      ].map((each) => [each.id, each]),
    ),
  };
  const labels = (element: JsonObject): string[] => choicesOf(element, directory).map(({ label }) => label);

  it('offer people, channels, and what the reader may see of them', () => {
    expect(labels({ type: 'multi_users_select' })).toEqual(['Ana (you)', 'Ben']);
    expect(labels({ type: 'channels_select' })).toEqual(['#general']);
    expect(labels({ type: 'conversations_select' })).toEqual(['#general', '#war-room', 'Ben']);
    expect(labels({ type: 'conversations_select', filter: { include: ['private'] } })).toEqual(['#war-room']);
  });

  it('keep options under their headings, also while they are searched', () => {
    const element = {
      type: 'static_select',
      option_groups: [
        { label: plain('Core'), options },
        { label: plain('Edge'), options: [{ text: plain('Later'), value: 'z' }] },
      ],
    };
    const choices = choicesOf(element, directory);
    expect(grouped(matching(choices, '')).map(({ group, choices: inside }) => [group, inside.length])).toEqual([
      ...[
        ['Core', 2],
        ['Edge', 1],
      ],
    ]);
    expect(matching(choices, ' severity p1').map(({ value }) => value)).toEqual(['P1']);
    expect(matching(choices, 'EDGE').map(({ value }) => value)).toEqual(['z']);
  });
});
