import type { KnownBlock } from '@slack/types';
import type { Estate } from '../../src/domain/estate-model.ts';
import type { ChatMessage } from '../../src/ports/chat.ts';
import { emoji, escapeHtml, mrkdwn } from './mrkdwn.ts';

export interface Shown {
  time: string;
  message: ChatMessage;
  pinned?: boolean;
}

/** A channel with messages as one HTML page, drawn by us from the blocks that Slack would get. */
export function page(channel: { name: string; topic: string }, messages: Shown[], estate: Estate): string {
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>
<main><header><b># ${escapeHtml(channel.name)}</b><span>${emoji(escapeHtml(channel.topic))}</span></header>
${messages.map((each) => article(each, estate)).join('\n')}</main>`;
}

function article({ time, message, pinned = false }: Shown, estate: Estate): string {
  const blocks = (message.blocks ?? []).map((block) => draw(block, estate)).join('');
  return `<article>${AVATAR}<div class="body">
<p class="by"><b>Lifeboat</b><span class="app">APP</span><time>${time}</time>${pinned ? '<span class="pin">pinned</span>' : ''}</p>
${blocks}</div></article>`;
}

function draw(block: KnownBlock, estate: Estate): string {
  if (block.type === 'header') return `<h2>${emoji(escapeHtml(block.text.text))}</h2>`;
  if (block.type === 'divider') return '<hr>';
  if (block.type === 'section') {
    const text = block.text ? `<section>${mrkdwn(block.text.text, estate)}</section>` : '';
    const fields = (block.fields ?? []).map((field) => `<div>${mrkdwn(field.text, estate)}</div>`).join('');
    return `${text}${fields === '' ? '' : `<section class="fields">${fields}</section>`}`;
  }
  if (block.type === 'context') {
    const parts = block.elements.map((each) => (each.type === 'mrkdwn' ? mrkdwn(each.text, estate) : ''));
    return `<section class="context">${parts.join('')}</section>`;
  }
  if (block.type !== 'actions') throw new Error(`the picture cannot draw a ${block.type} block yet`);
  const buttons = block.elements.map((each) => {
    if (each.type !== 'button') throw new Error(`the picture cannot draw a ${each.type} yet`);
    return `<span class="button ${each.style ?? ''}">${emoji(escapeHtml(each.text.text))}</span>`;
  });
  return `<section class="actions">${buttons.join('')}</section>`;
}

const AVATAR = `<svg class="avatar" viewBox="0 0 40 40"><rect width="40" height="40" rx="8" fill="#1f3a5f"/>
<circle cx="20" cy="20" r="9.5" fill="none" stroke="#fff" stroke-width="6"/>
<path d="M20 7.5v6M20 26.5v6M7.5 20h6M26.5 20h6" stroke="#e4572e" stroke-width="6"/></svg>`;

const STYLE = `
* { box-sizing: border-box; margin: 0 }
body { background: #fff; font: 15px/1.5 'Liberation Sans', sans-serif; color: #1d1c1d }
main { width: 1060px; border: 1px solid #d5d7da; border-radius: 10px; overflow: hidden }
header { padding: 13px 22px; border-bottom: 1px solid #e3e5e8; display: flex; gap: 16px; align-items: baseline; background: #f8f9fa }
header b { font-size: 17px; white-space: nowrap } header span { color: #5c6066; font-size: 13px }
article { display: flex; gap: 12px; padding: 16px 22px 18px }
article + article { border-top: 1px solid #eceef0 }
.avatar { width: 38px; height: 38px; flex: none }
.body { flex: 1; display: flex; flex-direction: column; gap: 9px; min-width: 0 }
.by { display: flex; gap: 8px; align-items: center; line-height: 1.1 }
.app { font-size: 10px; background: #e6e8eb; color: #5c6066; padding: 2px 4px; border-radius: 3px }
time, .pin { color: #70757c; font-size: 12px } .pin { border-left: 1px solid #d5d7da; padding-left: 8px }
h2 { font-size: 18px; line-height: 1.35 }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 7px 26px }
.item { padding-left: 20px; text-indent: -16px }
code { font: 12px 'DejaVu Sans Mono', monospace; color: #b3243f; background: #f7f7f8; border: 1px solid #e2e4e7; border-radius: 4px; padding: 1px 4px; text-indent: 0; white-space: nowrap }
.mention { white-space: nowrap; color: #145fa8; background: #e9f2fb; border-radius: 3px; padding: 0 3px }
.context { color: #5c6066; font-size: 13px }
.actions { display: flex; gap: 8px; padding-top: 2px }
.button { border: 1px solid #c3c7cc; border-radius: 5px; padding: 5px 13px; font-weight: bold; font-size: 14px }
.button.primary { background: #16795a; border-color: #16795a; color: #fff } .button.danger { border-color: #d92d3a; color: #c01f2c }
.emoji { width: 1.15em; height: 1.15em; vertical-align: -0.2em }
hr { border: 0; border-top: 1px solid #e3e5e8; width: 100% }`;
