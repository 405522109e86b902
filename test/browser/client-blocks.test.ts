import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { approvalRequest } from '../../templates/approval-request.ts';
import { incidentCard } from '../../templates/incident-card.ts';
import { chromiumAvailable, violations } from '../support/chromium.ts';
import { openClient, type ClientPage } from '../support/client-page.ts';
import { anApproval, facts, liveRun, smallEstate } from '../support/facts.ts';

describe.skipIf(!chromiumAvailable())('Block Kit in the browser', () => {
  let client: Awaited<ReturnType<typeof openClient>>;
  let shown: ClientPage;

  beforeAll(async () => {
    client = await openClient();
  });
  afterAll(() => client.close());
  beforeEach(async () => {
    shown = await client.page();
  });
  afterEach(() => {
    expect(shown.errors).toEqual([]);
  });

  const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
  const button = (text: string, action_id: string, more: JsonObject = {}): JsonObject => ({
    ...{ type: 'button', text: plain(text), action_id, value: '12', ...more },
  });
  const actions = (...elements: JsonObject[]): JsonObject => ({ type: 'actions', block_id: 'row', elements });
  const section = (text: string, accessory: JsonObject): JsonObject => ({
    ...{ type: 'section', block_id: 'side', text: { type: 'mrkdwn', text }, accessory },
  });
  const options = ['One', 'Two', 'Three'].map((text) => ({ text: plain(text), value: text.toLowerCase() }));
  /** Messages are JSON on their way to Slack. */
  const asJson = (blocks: unknown): JsonObject[] => JSON.parse(JSON.stringify(blocks)) as JsonObject[];

  describe('mentions', () => {
    it('name no channel that the reader may not see', async () => {
      const text = { type: 'mrkdwn', text: 'See <#C1> and <#C2|secret>' };
      await shown.blocks([{ type: 'section', text }]);
      await shown.page.getByRole('button', { name: '#general' }).waitFor();
      expect(await shown.page.getByText('#private channel').count()).toBe(1);
      expect(await shown.page.getByText('secret').count()).toBe(0);
    });
  });

  describe('buttons', () => {
    it('report what was pressed, and ask first where they should', async () => {
      const confirm = {
        title: plain('Agree?'),
        text: plain('It will run.'),
        confirm: plain('Yes, run'),
        deny: plain('Not yet'),
      };
      await shown.blocks([
        actions(button('Update', 'update'), button('Approve', 'approve', { confirm, style: 'primary' })),
      ]);
      const { page } = shown;
      await page.getByRole('button', { name: 'Update' }).click();
      await page.getByRole('button', { name: 'Approve' }).click();
      const dialog = page.getByRole('dialog', { name: 'Agree?' });
      await dialog.getByText('It will run.').waitFor();
      expect(await violations(shown.page)).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await page.locator(':focus').innerText()).toBe('Approve');
      expect(await shown.calls()).toEqual([['press', 'row', 'update', '12']]);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      expect(await shown.calls()).toEqual([
        ['press', 'row', 'update', '12'],
        ['press', 'row', 'approve', '12'],
      ]);
    });

    it('that lead to a place in Slack stay on the page, and are reported', async () => {
      const url = 'https://slack.com/app_redirect?channel=C1&message_ts=1.2';
      await shown.blocks([actions(button('Open channel', 'open', { url }))]);
      await shown.page.getByRole('button', { name: 'Open channel' }).click();
      expect(await shown.calls()).toEqual([
        ['press', 'row', 'open', '12'],
        ['openChannel', 'C1', '1.2'],
      ]);
    });

    it('do nothing while they wait for an answer, or where nothing may be pressed', async () => {
      await shown.blocks([actions(button('Resolve', 'resolve'))], { busy: ['resolve', 'page'] });
      const resolve = shown.page.getByRole('button', { name: 'Resolve' });
      expect(await resolve.getAttribute('aria-busy')).toBe('true');
      await resolve.dispatchEvent('click');
      await shown.blocks([actions(button('Resolve', 'resolve'))], { disabled: true });
      await resolve.dispatchEvent('click');
      expect(await shown.calls()).toEqual([]);
    });
  });

  describe('a list', () => {
    it('keeps the focus while its choice waits for an answer, and takes no other', async () => {
      const pick = section('Text', { type: 'static_select', action_id: 'pick', placeholder: plain('Which?'), options });
      await shown.blocks([pick], { busy: ['pick'] });
      const list = shown.page.getByRole('combobox', { name: 'Which?' });
      await list.focus();
      expect(await list.getAttribute('aria-disabled')).toBe('true');
      for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await shown.page.keyboard.press(key);
      expect(await shown.page.locator(':focus').getAttribute('role')).toBe('combobox');
      expect(await shown.calls()).toEqual([]);
    });
  });

  describe('an overflow menu', () => {
    it('is walked with the arrows and left with Escape', async () => {
      await shown.blocks([section('Text', { type: 'overflow', action_id: 'more', options })]);
      const { page } = shown;
      const dots = page.getByRole('button', { name: 'More actions' });
      await dots.focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('menu').waitFor();
      expect(await violations(shown.page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      expect(await page.locator(':focus').getAttribute('aria-label')).toBe('More actions');
      await page.keyboard.press('Enter');
      for (const key of ['ArrowUp', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
      expect(await shown.calls()).toEqual([['choose', 'side', 'more', 'two']]);
    });
  });

  describe('lists beside text', () => {
    it('choose by typing, and tell nobody before that', async () => {
      await shown.blocks([section('Text', { type: 'users_select', action_id: 'who', placeholder: plain('Who?') })]);
      const { page } = shown;
      const box = page.getByRole('combobox', { name: 'Who?' });
      await box.focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('option', { name: 'Ana (you)' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Escape');
      expect(await shown.calls()).toEqual([]);
      await box.fill('cle');
      await page.keyboard.press('Enter');
      expect(await box.inputValue()).toBe('Cleo');
      expect(await shown.calls()).toEqual([['choose', 'side', 'who', 'U3']]);
    });

    it('choose several, and take them back', async () => {
      const element = { type: 'multi_static_select', action_id: 'some', placeholder: plain('Some'), options };
      await shown.blocks([section('Text', element)]);
      const { page } = shown;
      await page.getByRole('combobox', { name: 'Some' }).click();
      await page.getByRole('option', { name: 'One' }).click();
      await page.getByRole('option', { name: 'Three' }).click();
      expect(await violations(shown.page)).toEqual([]);
      await page.getByRole('button', { name: 'Remove One' }).click();
      expect((await shown.calls()).map((call) => call[3])).toEqual([['one'], ['one', 'three'], ['three']]);
    });

    it('leave a box as it was when the person thinks better of it', async () => {
      const confirm = { title: plain('Sure?'), text: plain('Really.'), confirm: plain('Yes'), deny: plain('No') };
      await shown.blocks([section('Text', { type: 'checkboxes', action_id: 'boxes', options, confirm })]);
      const { page } = shown;
      const box = page.getByRole('checkbox', { name: 'Two' });
      await box.click();
      await page.getByRole('button', { name: 'No' }).click();
      expect(await box.isChecked()).toBe(false);
      await box.click();
      await page.getByRole('button', { name: 'Yes' }).click();
      expect(await box.isChecked()).toBe(true);
      expect(await shown.calls()).toEqual([['choose', 'side', 'boxes', ['two']]]);
    });
  });

  describe('messages', () => {
    it('of Lifeboat are drawn whole, for eyes and for screen readers', async () => {
      const estate = await smallEstate();
      const all = facts(estate);
      const run = liveRun(estate);
      await shown.blocks(
        asJson([
          ...(incidentCard(all).blocks ?? []),
          ...(approvalRequest(anApproval(run), estate, all.now, null).blocks ?? []),
        ]),
      );
      const { page } = shown;
      const text = await page.locator('#app').innerText();
      expect(text).toContain('INC-12 P1 Orders fail at checkout');
      expect(text).not.toMatch(/<[@!#]|&lt;|:[a-z_]+:|\*[A-Z]/);
      await page.getByRole('img', { name: 'large orange circle' }).first().waitFor();
      expect(await violations(shown.page)).toEqual([]);
    });

    it('show a long section on request', async () => {
      const text = Array.from({ length: 60 }, (_, n) => `line number ${n} of many`).join('\n');
      await shown.blocks([{ type: 'section', block_id: 'long', text: { type: 'mrkdwn', text } }]);
      const { page } = shown;
      expect(await page.getByText('line number 59').count()).toBe(0);
      await page.getByRole('button', { name: 'Show more' }).click();
      expect(await page.getByText('line number 59').count()).toBe(1);
      await page.getByRole('button', { name: 'Show less' }).click();
      expect(await page.getByText('line number 59').count()).toBe(0);
    });

    it('name what is not drawn, and load no picture from where none may come', async () => {
      await shown.blocks([
        { type: 'video', block_id: 'a', title: plain('A talk') },
        { type: 'image', block_id: 'b', image_url: 'javascript:alert(1)', alt_text: 'A graph' },
        { type: 'odd', block_id: 'c' },
        {
          type: 'table',
          block_id: 'd',
          rows: [[{ type: 'raw_text', text: 'Service' }], [{ type: 'raw_text', text: 'api' }]],
        },
        {
          type: 'section',
          block_id: 'e',
          text: { type: 'mrkdwn', text: '<img src=x onerror=alert(1)> <javascript:alert(1)|press>' },
        },
      ]);
      const { page } = shown;
      expect(await page.locator('#app').innerText()).toMatch(/A talk\s+video is not drawn[^]*odd is not drawn/);
      await page.getByRole('img', { name: 'A graph' }).waitFor();
      await page.getByRole('columnheader', { name: 'Service' }).waitFor();
      expect(await page.locator('#app :is(img, a, script)').count()).toBe(0);
      expect(await violations(shown.page)).toEqual([]);
    });

    it('are drawn whatever shape their blocks have', async () => {
      const shapes = [{}, { elements: 'x', fields: {}, text: 3, rows: [null, {}], accessory: [], element: 3 }];
      const types = ['section', 'header', 'context', 'actions', 'image', 'input', 'markdown', 'rich_text', 'table'];
      const elements = ['button', 'overflow', 'static_select', 'checkboxes', 'datetimepicker', 'users_select'];
      const odd = types.flatMap((type) => shapes.map((shape) => ({ type, ...shape })));
      await shown.blocks(
        asJson([...odd, actions(...elements.map((type) => ({ type, action_id: type, options: 'x' })))]),
      );
      await shown.page.getByRole('button', { name: 'More actions' }).waitFor();
    });
  });
});
