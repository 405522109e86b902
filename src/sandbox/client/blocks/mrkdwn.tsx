// Placeholder: the Block Kit renderer brings its own.
import type { Drawing } from './drawing.ts';
import { emoji } from './emoji.ts';

export const Mrkdwn = ({ text }: { text: string; context: Drawing }) => <p class="mrkdwn">{text}</p>;
export const Plain = ({ text }: { text: string }) => (
  <>{text.replaceAll(/:([a-z0-9_+-]+):/g, (all, name: string) => emoji.get(name) ?? all)}</>
);
