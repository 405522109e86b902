import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import { declareForm } from '../../templates/forms.ts';
import { chromiumAvailable, violations } from '../support/chromium.ts';
import { openClient, type ClientPage } from '../support/client-page.ts';
import { smallEstate } from '../support/facts.ts';

describe.skipIf(!chromiumAvailable())('forms in the browser', () => {
  let client: Awaited<ReturnType<typeof openClient>>;
  let shown: ClientPage;
  let declare: SlackView;

  beforeAll(async () => {
    client = await openClient();
    const view = JSON.parse(
      JSON.stringify(declareForm(await smallEstate(), { title: '', channel: null })),
    ) as JsonObject;
    declare = viewOf('V1', view);
  });
  afterAll(() => client.close());
  beforeEach(async () => {
    shown = await client.page();
    await shown.page.locator('#before').focus();
  });
  afterEach(() => {
    expect(shown.errors).toEqual([]);
  });

  function viewOf(id: string, view: JsonObject, more: Partial<SlackView> = {}): SlackView {
    const blocks = Array.isArray(view['blocks']) ? (view['blocks'] as JsonObject[]) : [];
    return {
      ...{ id, user: 'U1', type: 'modal', callback_id: 'x', hash: '1', private_metadata: '', external_id: '' },
      ...{ root_view_id: id, previous_view_id: null, view, blocks, state: {}, ...more },
    };
  }

  const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
  const input = (name: string, element: JsonObject, more: JsonObject = {}): JsonObject => ({
    ...{ type: 'input', block_id: name, label: plain(name), element: { action_id: name, ...element }, ...more },
  });
  const form = (title: string, ...blocks: JsonObject[]): JsonObject => ({
    ...{ type: 'modal', title: plain(title), submit: plain('Send'), blocks },
  });
  const focused = (): Promise<string> =>
    shown.page.evaluate<string>(
      "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id ?? ''",
    );

  describe('a form', () => {
    it('is filled in and sent with the keyboard alone', async () => {
      await shown.forms(declare);
      const { page } = shown;
      await page.getByRole('dialog', { name: 'Declare an incident' }).waitFor();
      expect(await focused()).toBe('What is broken?');
      await page.keyboard.type('Orders fail');
      for (const key of ['Tab', 'ArrowDown', 'Home', 'ArrowUp', 'Enter', 'Tab']) await page.keyboard.press(key);
      expect(await focused()).toBe('Which service?');
      await page.keyboard.type('api');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+Enter');
      expect(await shown.calls()).toEqual([
        ['submit', { title: 'Orders fail', severity: 'P0', service: 'api', description: '', mode: 'live' }],
      ]);
    });

    it('says what is missing before it is sent, and what the bot found wrong after', async () => {
      await shown.forms(declare);
      const { page } = shown;
      const title = page.getByRole('textbox', { name: 'What is broken?' });
      await page.getByRole('button', { name: 'Declare', exact: true }).click();
      await page.getByText('Please complete this required field.').waitFor();
      expect(await focused()).toBe('What is broken?');
      expect(await shown.calls()).toEqual([]);
      await title.fill('Orders fail');
      expect(await page.getByText('Please complete').count()).toBe(0);
      await title.press('Enter');
      const send = page.getByRole('button', { name: 'Declare', exact: true });
      expect(await send.getAttribute('aria-busy')).toBe('true');
      await title.press('Enter');
      await shown.answer({ ok: false, errors: { title: 'That is open already.' } });
      await page.getByText('That is open already.').waitFor();
      expect(await title.getAttribute('aria-invalid')).toBe('true');
      const described = (await title.getAttribute('aria-describedby')) ?? '';
      const words = await Promise.all(described.split(' ').map((id) => page.locator(`[id="${id}"]`).innerText()));
      expect(words).toEqual(['That is open already.', 'One line; it names the channel.']);
      expect((await shown.calls()).length).toBe(1);
      expect(await violations(page)).toEqual([]);
    });

    it('keeps what was written when it does not get through', async () => {
      await shown.forms(declare);
      const { page } = shown;
      const title = page.getByRole('textbox', { name: 'What is broken?' });
      await title.fill('Orders fail');
      await title.press('Enter');
      await shown.answer();
      await page.getByRole('alert').getByText('did not get through').waitFor();
      expect(await title.inputValue()).toBe('Orders fail');
      await title.press('Enter');
      await shown.answer({ ok: false, error: 'Slack is down.' });
      await page.getByRole('alert').getByText('Slack is down.').waitFor();
    });

    it('keeps the focus inside, closes with Escape, and gives the focus back', async () => {
      await shown.forms(declare);
      const { page } = shown;
      for (let n = 0; n < 12; n += 1) {
        await page.keyboard.press(n < 6 ? 'Tab' : 'Shift+Tab');
        expect(await page.locator('dialog :focus').count()).toBe(1);
      }
      await page.getByRole('combobox', { name: 'Which service?' }).click();
      await page.keyboard.press('Escape');
      expect(await shown.calls()).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await shown.calls()).toEqual([['close']]);
      await shown.forms();
      expect(await focused()).toBe('before');
    });

    it('keeps what was typed in the fields that remain when the bot changes it', async () => {
      const reason = input('Reason', { type: 'plain_text_input', multiline: true });
      await shown.forms(viewOf('V1', form('One', input('Name', { type: 'plain_text_input' }), reason)));
      const { page } = shown;
      await page.getByRole('textbox', { name: 'Name' }).fill('gone soon');
      await page.getByRole('textbox', { name: 'Reason' }).fill('still here');
      const added = input('Count', { type: 'number_input', initial_value: '3' });
      await shown.forms(viewOf('V1', form('Two', added, reason), { hash: '2' }));
      await page.getByRole('dialog', { name: 'Two' }).waitFor();
      expect(await page.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('still here');
      await page.getByRole('textbox', { name: 'Reason' }).press('Control+Enter');
      expect(await shown.calls()).toEqual([['submit', { Count: '3', Reason: 'still here' }]]);
    });

    it('lies below a form that was pushed, and is as it was when that one goes', async () => {
      const first = viewOf('V1', form('First', input('Name', { type: 'plain_text_input' })));
      const second = viewOf('V2', form('Second', input('More', { type: 'plain_text_input' })));
      await shown.forms(first);
      const { page } = shown;
      await page.getByRole('textbox', { name: 'Name' }).fill('typed');
      await shown.forms(first, second);
      expect(await focused()).toBe('More');
      await page.keyboard.press('Escape');
      expect(await shown.calls()).toEqual([['close']]);
      await shown.forms(first);
      expect(await focused()).toBe('Name');
      expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('typed');
    });

    it('takes every kind of value', async () => {
      const options = ['a', 'b'].map((value) => ({ text: plain(`Choice ${value}`), value }));
      await shown.forms(
        viewOf(
          'V1',
          form(
            'Every',
            input('Boxes', { type: 'checkboxes', options }),
            input('Radio', { type: 'radio_buttons', options }),
            input('Day', { type: 'datepicker' }),
            input('Time', { type: 'timepicker' }),
            input('Moment', { type: 'datetimepicker' }),
            input('People', { type: 'multi_users_select' }),
            input('Where', { type: 'conversations_select' }),
            input('Mail', { type: 'email_text_input' }),
            input('None', { type: 'static_select', options, initial_option: options[0] ?? {} }, { optional: true }),
          ),
        ),
      );
      const { page } = shown;
      await page.getByRole('group', { name: 'Boxes' }).getByLabel('Choice b').check();
      await page.getByRole('radiogroup', { name: 'Radio' }).getByLabel('Choice a').check();
      await page.getByLabel('Day').fill('2026-11-20');
      await page.getByLabel('Time').fill('03:14');
      await page.getByLabel('Moment').fill('2026-11-20T04:14');
      await page.getByRole('combobox', { name: 'People' }).fill('ben');
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: 'Where' }).fill('gen');
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Mail' }).fill('ana@example.com');
      await page.getByRole('button', { name: 'Clear' }).last().click();
      await page.getByRole('button', { name: 'Send' }).click();
      expect(await shown.calls()).toEqual([
        [
          'submit',
          {
            ...{ Boxes: ['b'], Radio: 'a', Day: '2026-11-20', Time: '03:14', Moment: '1795144440', People: ['U2'] },
            ...{ Where: 'C1', Mail: 'ana@example.com', None: '' },
          },
        ],
      ]);
    });
  });

  describe('App Home', () => {
    it('shows its blocks, and reports what is chosen in them', async () => {
      const options = ['a', 'b'].map((value) => ({ text: plain(`Choice ${value}`), value }));
      const blocks = [
        { type: 'header', block_id: 'h', text: plain('Welcome') },
        input('Filter', { type: 'radio_buttons', options }, { dispatch_action: true }),
      ];
      await shown.home(viewOf('H', { blocks }));
      const { page } = shown;
      await page.getByRole('heading', { name: 'Welcome' }).waitFor();
      await page.getByLabel('Choice b').click();
      expect(await shown.calls()).toEqual([['choose', 'Filter', 'Filter', 'b']]);
    });
  });
});
