import type { KnownBlock, View } from '@slack/types';

/*
 * What people send and what they get back, whatever carries it: Slack today, a terminal tomorrow. The edge has checked
 * that it is genuine; who may do what is decided behind it.
 */

/** One typed command. */
export interface Invocation {
  /** The same for every repeat of this command by the network. */
  key: string;
  actor: string;
  /** Everything after `/dr`. */
  text: string;
  channel: string | null;
}

/** One pressed button. */
export interface Press {
  key: string;
  actor: string;
  action: string;
  value: string;
  channel: string | null;
}

/** One submitted form. */
export interface Submission {
  key: string;
  actor: string;
  form: string;
  /** What the form was opened with. */
  about: string;
  /** Values by input name. */
  values: Record<string, string>;
}

/** A message on which somebody chose a shortcut. */
export interface Shortcut {
  key: string;
  actor: string;
  callback: string;
  text: string;
  channel: string | null;
}

/** A text that is too long for a message; everybody in the channel can open it. */
export interface AnswerFile {
  /** A channel, or a user: then it goes there as a direct message. */
  channel: string;
  name: string;
  text: string;
}

export type Answer =
  /** `you`: only for the person who asked; `channel`: for everybody there. */
  | {
      kind: 'message';
      visible: 'you' | 'channel';
      text: string;
      blocks?: KnownBlock[];
      /** All for one channel. */
      files?: AnswerFile[];
      /** A second message to the same person, once it is known; nothing is lost where it never comes. */
      later?: () => Promise<string | null>;
    }
  | { kind: 'form'; view: View }
  /** What happened shows by itself. */
  | { kind: 'quiet' };

/** A form's answer: closed, open with what is wrong by input name, or another form in its place. */
export type FormAnswer =
  | { kind: 'closed'; answer?: Answer }
  | { kind: 'errors'; errors: Record<string, string> }
  | { kind: 'form'; view: View };

export interface EdgeHandlers {
  command(invocation: Invocation): Promise<Answer>;
  press(press: Press): Promise<Answer>;
  submit(submission: Submission): Promise<FormAnswer>;
  shortcut(shortcut: Shortcut): Promise<Answer>;
  /** What the home shows to somebody who opens it. */
  home(actor: string): Promise<View>;
}
