import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';

const ZERO_WIDTH_SPACE = '\u200B';

/**
 * Escapes text that a person wrote for Slack's mrkdwn; with `inert` the marks `* _ ~ \`` format nothing either.
 * Slack has no escape for those marks, hence the zero-width space after each.
 */
export function escapeMrkdwn(text: string, options: { inert?: boolean } = {}): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return options.inert === true ? escaped.replace(/[*_~`]/g, `$&${ZERO_WIDTH_SPACE}`) : escaped;
}

const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text });
const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: true });

export const header = (text: string): HeaderBlock => ({ type: 'header', text: plain(text) });
export const divider = (): DividerBlock => ({ type: 'divider' });

/** A paragraph of mrkdwn, with a button to its right when one is given. */
export function section(text: string, accessory?: Button): SectionBlock {
  return accessory === undefined
    ? { type: 'section', text: mrkdwn(text) }
    : { type: 'section', text: mrkdwn(text), accessory };
}

/** Short facts in two columns; Slack shows at most ten. */
export const fields = (...texts: string[]): SectionBlock => ({ type: 'section', fields: texts.map(mrkdwn) });

/** Small grey text below a message; at most ten pieces. */
export const context = (...texts: string[]): ContextBlock => ({ type: 'context', elements: texts.map(mrkdwn) });

export const actions = (...buttons: Button[]): ActionsBlock => ({ type: 'actions', elements: buttons });

interface ConfirmText {
  title: string;
  text: string;
  confirm: string;
  deny: string;
  style?: 'primary' | 'danger';
}

export interface ButtonInput {
  text: string;
  action_id: string;
  /** An id, never state: Slack keeps 2000 characters of it and anybody who may press could read it. */
  value: string;
  style?: 'primary' | 'danger';
  confirm?: ConfirmText;
}

export function button({ text, action_id, value, style, confirm }: ButtonInput): Button {
  return {
    type: 'button',
    text: plain(text),
    action_id,
    value,
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm: confirmation(confirm) }),
  };
}

/** A button that opens a page; Slack reports the press all the same, so its action needs an empty answer. */
export const linkButton = (text: string, action_id: string, url: string): Button => ({
  type: 'button',
  text: plain(text),
  action_id,
  url,
});

function confirmation({ title, text, confirm, deny, style }: ConfirmText): ConfirmationDialog {
  return {
    title: plain(title),
    text: plain(text),
    confirm: plain(confirm),
    deny: plain(deny),
    ...(style === undefined ? {} : { style }),
  };
}
