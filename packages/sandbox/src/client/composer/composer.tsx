import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SlackChannel } from '@lifeboat/stand-ins/slack/state';
import { useClient, useMe, usePage } from '../app/page.ts';
import { emojiNames } from '../blocks/emoji.ts';
import { IconButton } from '../bits/icon-button.tsx';
import { applyOption, complete, type Completion, type Option } from './completion.ts';
import { ComposerTools } from './composer-tools.tsx';
import { Suggestions } from './suggestions.tsx';
import { useDraft } from './use-draft.ts';
import { useSending } from './use-sending.ts';

interface Props {
  channel: SlackChannel;
  /** The thread that it answers in, by its first message. */
  thread?: string;
}

/** Where one writes. Its text lives here alone, so that typing redraws nothing else. */
export function Composer({ channel, thread }: Props) {
  const me = useMe();
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const { toast } = usePage();
  const draft = useDraft([me, channel.id, thread].join('/'));
  const { text } = draft;
  const [caret, setCaret] = useState(text.length);
  const [chosen, setChosen] = useState<number | null>(null);
  const [hushed, setHushed] = useState(true);
  const sending = useSending(channel.id, thread);
  const vocabulary = useVocabulary();
  const found = useMemo(() => complete(text, caret, vocabulary), [text, caret, vocabulary]);
  const completion = hushed ? null : found;
  const active = completion === null ? null : (chosen ?? (completion.eager ? 0 : null));

  useLayoutEffect(() => {
    if (box.current && !GROWS) grow(box.current);
  }, [text]);
  useEffect(() => {
    if (thread !== undefined) box.current?.focus();
  }, []);
  const drawn = useDrawn();
  useInsertions(thread === undefined, (words) => {
    draft.offer(words);
    settleAt(words.length);
    moveCaret(box.current, words, words.length);
  });

  const put = (next: string, at: number) => {
    draft.write(next);
    settleAt(draft.now() === next ? at : draft.now().length);
  };
  const settleAt = (at: number) => {
    setCaret(at);
    setChosen(null);
    setHushed(false);
    sending.clear();
  };
  const take = (from: Completion, option: Option) => {
    const done = applyOption(text, from, option);
    put(done.text, done.caret);
    moveCaret(box.current, done.text, done.caret);
  };
  const insert = (words: string) => {
    const at = box.current?.selectionStart ?? text.length;
    const next = text.slice(0, at) + words + text.slice(at);
    put(next, at + words.length);
    moveCaret(box.current, next, at + words.length);
  };
  const submit = async () => {
    const words = text.trim();
    if (words === '') return;
    draft.begin(words);
    settleAt(draft.now().length);
    setHushed(true);
    if (thread === undefined) window.dispatchEvent(new CustomEvent('lifeboat:sent', { detail: channel.id }));
    const problem = await sending.send(words);
    const behind = (box.current?.value.length ?? 0) - (box.current?.selectionStart ?? 0);
    draft.end(words, problem === null);
    if (problem === null) return;
    if (!drawn.current)
      return toast(
        `${problem} What you wrote is still in ${thread === undefined ? '' : 'a thread of '}${nameOf(channel)}.`,
      );
    // Whoever went on writing goes on where they were.
    const at = Math.max(0, draft.now().length - behind);
    if (box.current) box.current.value = draft.now();
    box.current?.setSelectionRange(at, at);
    setCaret(at);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const option = active === null ? undefined : completion?.options[active];
    const size = completion?.options.length ?? 0;
    if (completion && size > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen(active === null ? (step > 0 ? 0 : size - 1) : (active + step + size) % size);
    } else if (completion && event.key === 'Tab' && !event.shiftKey && size > 0) {
      const first = option ?? completion.options[0];
      if (first) take(completion, first);
    } else if (completion && option && event.key === 'Enter' && !event.shiftKey) take(completion, option);
    else if (completion && event.key === 'Escape') setHushed(true);
    else if (event.key === 'Enter' && !event.shiftKey) void submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const where =
    thread === undefined ? (channel.is_im ? 'Message Lifeboat' : `Message #${channel.name}`) : 'Reply in thread';
  return (
    <div class="composer-area" data-region={thread === undefined ? 'composer' : 'thread-composer'}>
      {completion === null ? null : (
        <Suggestions id={id} completion={completion} active={active} take={(option) => take(completion, option)} />
      )}
      <div class="composer">
        <textarea
          ref={box}
          rows={1}
          aria-label={where}
          placeholder={thread === undefined && !channel.is_im ? `${where}, or type /dr` : where}
          value={text}
          aria-autocomplete="list"
          aria-controls={completion === null || completion.options.length === 0 ? undefined : id}
          aria-activedescendant={active === null ? undefined : `${id}-${active}`}
          onInput={({ currentTarget }) => put(currentTarget.value, currentTarget.selectionStart)}
          onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onBlur={() => setHushed(true)}
        />
        <div class="composer-tools">
          <ComposerTools
            insert={insert}
            inThread={thread !== undefined}
            start={() => insert(text === '' ? '/dr ' : ' ')}
          />
          <IconButton
            icon="send"
            label="Send"
            class="send"
            disabled={text.trim() === ''}
            onClick={() => void submit()}
          />
        </div>
      </div>
      <div class="composer-note" role="status">
        {sending.problem !== '' ? (
          <span class="problem">{sending.problem}</span>
        ) : sending.waiting > 0 ? (
          <span class="pending">Lifeboat is answering</span>
        ) : null}
      </div>
    </div>
  );
}

const nameOf = (channel: SlackChannel): string => (channel.is_im ? 'your messages with Lifeboat' : `#${channel.name}`);

/** Whether this box is still on the page. */
function useDrawn() {
  const drawn = useRef(true);
  useLayoutEffect(() => () => void (drawn.current = false), []);
  return drawn;
}

function useVocabulary() {
  const users = useClient((state) => state.users);
  const commands = useClient((state) => state.commands);
  return useMemo(() => ({ users, commands, emojiNames }), [users, commands]);
}

/** Takes the texts that panels offer (`lifeboat:insert`); the channel's composer alone listens. */
function useInsertions(listens: boolean, take: (words: string) => void): void {
  const { ui } = usePage();
  const latest = useRef(take);
  latest.current = take;
  useLayoutEffect(() => {
    if (!listens) return;
    const heard = (event: Event) => {
      if (!(event instanceof CustomEvent) || typeof event.detail !== 'string') return;
      const words = event.detail;
      event.preventDefault();
      ui.update((state) => ({ ...state, column: 'main' }));
      // A narrow screen shows the box with the next drawing; before that it takes no focus.
      requestAnimationFrame(() => latest.current(words));
    };
    window.addEventListener('lifeboat:insert', heard);
    return () => window.removeEventListener('lifeboat:insert', heard);
  }, [listens]);
}

/** Whether the browser lets the box grow with its text; measuring it here would lay out the whole page at each key. */
const GROWS = CSS.supports('field-sizing', 'content');
/** The highest that the box grows, in pixels, before it scrolls; also in style/composer.css. */
const HIGHEST = 220;

function grow(box: HTMLTextAreaElement): void {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, HIGHEST)}px`;
}

/** The text is drawn a moment later; the caret would end behind it. */
function moveCaret(box: HTMLTextAreaElement | null, text: string, at: number): void {
  if (!box) return;
  box.value = text;
  box.focus();
  box.setSelectionRange(at, at);
}
