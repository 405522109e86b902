import { build } from 'esbuild';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { JsonObject } from '../../src/domain/json.ts';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import { ROOT } from '../../src/runtime/paths.ts';
import { launchChromium } from './chromium.ts';

/* The sandbox's blocks and forms in Chromium, with nothing around them. What they ask of the page is written down. */

const ENTRY = `
import { h, render } from 'preact';
import { MessageBlocks } from './blocks/message-blocks.tsx';
import { Home } from './forms/home.tsx';
import { Modal } from './forms/modal.tsx';
const calls = [];
const call = (name) => (...args) => void calls.push([name, ...args.filter((each) => each !== undefined)]);
const users = new Map([['U1', 'Ana'], ['U2', 'Ben'], ['U3', 'Cleo']].map(([id, real_name]) => [id, { id, name: id, real_name, team_id: 'T1' }]));
const channels = new Map([['C1', { id: 'C1', name: 'general', members: ['U1'] }], ['C2', { id: 'C2', name: 'secret', is_private: true, members: ['U2'] }]]);
const context = { users, channels, me: 'U1', press: call('press'), choose: call('choose'), openChannel: call('openChannel') };
const show = (what) => render(what, document.getElementById('app'));
window.sandbox = {
  calls,
  answers: [],
  blocks: (json, more) => show(h(MessageBlocks, { blocks: JSON.parse(json), context: { ...context, ...more } })),
  home: (json) => show(h(Home, { view: JSON.parse(json), context })),
  forms: (json) => show(h('div', null, JSON.parse(json).map((view) => h(Modal, {
    key: view.id, view, ...context, close: call('close'),
    submit: (values) => {
      calls.push(['submit', values]);
      return new Promise((resolve, reject) => window.sandbox.answers.push({ resolve, reject }));
    },
  })))),
};
`;

interface Asked {
  calls: unknown[][];
  answers: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[];
  /** These take JSON: as types, views nest without end. */
  blocks: (json: string, more: object) => void;
  home: (json: string) => void;
  forms: (json: string) => void;
}

/** A page that shows blocks and forms. */
export interface ClientPage {
  page: Page;
  blocks(blocks: JsonObject[], more?: { disabled?: boolean; busy?: readonly string[] }): Promise<void>;
  home(view: SlackView): Promise<void>;
  forms(...views: SlackView[]): Promise<void>;
  /** What was asked of the page so far: the name, then the arguments. */
  calls(): Promise<unknown[][]>;
  /** Answers the oldest submission that waits; without an answer it fails. */
  answer(answer?: object): Promise<void>;
  /** Errors of the page and its console. */
  errors: string[];
}

/** Opens a browser, which `close` ends; `page` gives its page afresh. */
export async function openClient(): Promise<{ page: () => Promise<ClientPage>; close: () => Promise<void> }> {
  const client = join(ROOT, 'packages/sandbox/src/client');
  const [script, style] = await Promise.all([
    bundle({ contents: ENTRY, loader: 'tsx', resolveDir: client }),
    bundle({
      contents: '@import "./blocks.css"; @import "./forms.css";',
      loader: 'css',
      resolveDir: join(client, 'style'),
    }),
  ]);
  const browser = await launchChromium();
  const context = await browser.newContext({
    viewport: { width: 900, height: 800 },
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  return { page: () => open(page, script, style), close: () => browser.close() };
}

async function bundle(stdin: { contents: string; loader: 'tsx' | 'css'; resolveDir: string }): Promise<string> {
  const made = await build({
    ...{ stdin, bundle: true, write: false, format: 'iife', jsx: 'automatic', jsxImportSource: 'preact' },
    logLevel: 'warning',
  });
  return made.outputFiles[0]?.text ?? '';
}

async function open(page: Page, script: string, style: string): Promise<ClientPage> {
  const errors: string[] = [];
  page.removeAllListeners();
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto('about:blank');
  await page.setContent(
    `<!doctype html><html lang="en"><title>Sandbox</title><style>${style}</style><body><main><h1>Sandbox</h1><button id="before">Before</button><div id="app"></div></main></body></html>`,
  );
  await page.addScriptTag({ content: script });
  const sandbox = await page.evaluateHandle<Asked>('window.sandbox');
  return {
    ...{ page, errors },
    blocks: (blocks, more = {}) =>
      sandbox.evaluate((box, given) => box.blocks(given.json, given.more), { json: JSON.stringify(blocks), more }),
    home: (view) => sandbox.evaluate((box, json) => box.home(json), JSON.stringify(view)),
    forms: (...views) => sandbox.evaluate((box, json) => box.forms(json), JSON.stringify(views)),
    calls: () => sandbox.evaluate((box) => box.calls),
    answer: (answer) =>
      sandbox.evaluate((box, given) => {
        const oldest = box.answers.shift();
        if (given === undefined) oldest?.reject(new Error('gone'));
        else oldest?.resolve(given);
      }, answer),
  };
}
