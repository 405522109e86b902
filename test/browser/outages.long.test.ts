import type { Browser } from 'playwright-core';
import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumAvailable, launchChromium, openView } from '../support/chromium.ts';
import { actAs, approve, send } from '../support/page.ts';
import { keyOf as keyIn } from '../support/program-world.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { waitFor } from '../support/wait-for.ts';

describe.skipIf(!chromiumAvailable())('when it gets rough', () => {
  let sandbox: TestSandbox;
  let browser: Browser;
  beforeAll(async () => {
    sandbox = await startTestSandbox(['--speed', '120']);
    browser = await launchChromium();
  }, 180_000);
  afterAll(async () => {
    try {
      await browser.close();
    } finally {
      await sandbox.stop();
    }
  });

  const until = (what: string, condition: () => Promise<boolean>) => waitFor(what, condition, { timeoutMs: 40_000 });
  const keyOf = (message: SlackMessage): string => keyIn(message) ?? '';
  const messages = async () => (await sandbox.state()).workspace.messages;
  const dr = (who: string, text: string, channel = '#general') =>
    sandbox.act({ as: who, do: 'command', channel, command: '/dr', text });
  /** The channel of an incident, once its declarer is in it and can write. */
  const channelOf = async (id: number, declarer = 'U01ANA'): Promise<string> => {
    const { id: channel } = await waitFor(
      'the channel',
      async () =>
        (await sandbox.state()).workspace.channels.find(
          ({ name, members }) => name.startsWith(`dr-${id}-`) && members.includes(declarer),
        ),
      { timeoutMs: 40_000 },
    );
    return channel;
  };

  test('a page that is acknowledged on a telephone stops the ladder', async () => {
    await dr('U01GITA', 'declare P0 Sessions are lost service:session-manager');
    await until('a page', async () => (await sandbox.state()).phones.length === 1);
    const { page, complaints } = await openView(browser, `${sandbox.url}/#/panel/phones`, { width: 390, height: 844 });
    await page
      .getByRole('button', { name: /^Acknowledge/ })
      .first()
      .click();
    const channel = await channelOf(1, 'U01GITA');
    await until('Lifeboat to hear of it', async () =>
      (await messages()).some(
        ({ text, metadata }) => /card:/.test(JSON.stringify(metadata)) && !/Nobody has acknowledged/.test(text),
      ),
    );
    const rung = (await sandbox.state()).phones.length;
    // The levels would come 2.5, 7.5 and 15 s after the declaration at this speed; updates each 7.5 s go on.
    const updates = async () =>
      (await messages()).filter(
        ({ channel: at, metadata }) => at === channel && /:update:/.test(JSON.stringify(metadata)),
      ).length;
    const before = await updates();
    await until('another update', async () => (await updates()) > before);
    const { phones } = await sandbox.state();
    expect(phones).toHaveLength(rung);
    // The answer is that page's: one that a later level had sent by then rings on for its own people.
    expect(phones.filter(({ status }) => status === 'acknowledged').length).toBeGreaterThanOrEqual(1);
    expect(complaints).toEqual([]);
    await page.close();
    await dr('U01ANA', 'resolve Found them again', channel);
  }, 120_000);

  test('two people who approve at once decide once', async () => {
    await sandbox.act({ as: 'U01ANA', do: 'break', service: 'api-gateway', how: 'hang' });
    await until(
      'a gateway that hangs',
      async () => (await sandbox.state()).services.find(({ id }) => id === 'api-gateway')?.health !== 'up',
    );
    await dr('U01ANA', 'declare P3 Gateway hangs service:api-gateway');
    const channel = await channelOf(2);
    await dr('U01ANA', 'run restart-api-gateway', channel);
    const people = ['Cleo Diaz', 'Gita Rao'];
    const views = await Promise.all(
      people.map(async (name) => {
        const view = await openView(browser, `${sandbox.url}/#/${channel}`);
        await actAs(view.page, name);
        return view;
      }),
    );
    await Promise.all(
      views.map(({ page }) =>
        page.getByRole('button', { name: 'Approve', disabled: false }).waitFor({ timeout: 30_000 }),
      ),
    );
    await Promise.all(views.map(({ page }) => approve(page)));
    await until('the run to end', async () =>
      (await messages()).some(({ text }) => /^Run \d+ .* succeeded/.test(text)),
    );
    const request = (await messages()).find(({ metadata }) => /approval:.*:post/.test(JSON.stringify(metadata)));
    const words = JSON.stringify(request?.blocks);
    expect(words).toMatch(/white_check_mark/);
    expect(['U01CLEO', 'U01GITA'].filter((id) => new RegExp(`<@${id}>[^"]* agreed`).test(words))).toHaveLength(1);
    expect(views.flatMap(({ complaints }) => complaints)).toEqual([]);
    for (const { page } of views) await page.close();
  }, 120_000);

  test('while Slack is away pages go out; when it is back everything that waited arrives, in order and once', async () => {
    await dr('U01ANA', 'declare P0 A cable is cut');
    const channel = await channelOf(3);
    const { page, complaints } = await openView(browser, `${sandbox.url}/#/${channel}`);
    await sandbox.act({ as: 'U01ANA', do: 'surrounding', id: 'slack', up: false });
    await send(page, 'Is anybody there?');
    await page.getByText('Slack is away').first().waitFor();
    const rung = async () => (await sandbox.state()).phones.filter(({ summary }) => summary.includes('INC-3'));
    // At this speed the second level comes after 2.5 s, and an update falls due after 7.5 s.
    await until('two levels of pages', async () => (await rung()).length >= 2);
    const before = await messages();
    await sandbox.act({ as: 'U01ANA', do: 'surrounding', id: 'slack', up: true });
    await until('the bot to be back', async () => (await dr('U01ANA', 'note We are back', channel)).ok);
    const later = async () => (await messages()).filter(({ ts }) => !before.some((each) => each.ts === ts));
    await until('an escalation and an update', async () => {
      const keys = (await later()).filter((each) => each.channel === channel).map(keyOf);
      return keys.some((key) => key.includes('escalation:')) && keys.some((key) => key.includes('update:'));
    });
    await send(page, '/dr resolve It was the cable');
    await page.getByText('It was the cable').first().waitFor();
    const levels = (await later()).map(keyOf).filter((key) => key.includes('escalation:') && key.endsWith(':incident'));
    expect(levels).toEqual([...levels].sort());
    const places = (await messages()).map((each) => `${each.channel} ${keyOf(each)}`);
    expect(places.filter((place, index) => !place.endsWith(' ') && places.indexOf(place) !== index)).toEqual([]);
    expect(complaints.filter((each) => !each.includes('Slack is away'))).toEqual([]);
    await page.close();
  }, 120_000);

  test('a worker that is killed in the middle of a run is no reason to stop', async () => {
    await sandbox.act({ as: 'U01ANA', do: 'break', service: 'authentication', how: 'errors' });
    await dr('U01ANA', 'declare P3 Logins fail service:authentication');
    const channel = await channelOf(4);
    await dr('U01ANA', 'recover authentication', channel);
    await until('the run to begin', async () =>
      (await messages()).some((each) => each.channel === channel && keyOf(each).includes(':run-started:')),
    );
    await sandbox.act({ as: 'U01ANA', do: 'surrounding', id: 'worker-1', up: false });
    await until(
      'logins that work',
      async () => (await sandbox.state()).services.find(({ id }) => id === 'authentication')?.broken === null,
    );
    await sandbox.act({ as: 'U01ANA', do: 'surrounding', id: 'worker-1', up: true });
    expect((await sandbox.state()).surroundings.find(({ id }) => id === 'worker-1')?.state).toBe('up');
  }, 120_000);
});
