import type { ComponentChildren } from 'preact';
import { full } from './time-words.ts';

export const Empty = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <div class="aside-empty">
    <h3>{title}</h3>
    {children}
  </div>
);

/** A word in a colour; the colour only repeats the word. */
export const Badge = ({ tone, children }: { tone: Tone; children: ComponentChildren }) => (
  <span class={`aside-badge tone-${tone}`}>{children}</span>
);
export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

export const When = ({ at, words }: { at: number; words: string }) => (
  <time dateTime={new Date(at).toISOString()} title={full(at)}>
    {words}
  </time>
);
