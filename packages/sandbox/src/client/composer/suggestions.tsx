import { useLayoutEffect, useRef } from 'preact/hooks';
import { EmojiMark } from '../bits/emoji-mark.tsx';
import type { Completion, Option } from './completion.ts';

interface Props {
  /** Of the list; an option's is followed by its number. */
  id: string;
  completion: Completion;
  active: number | null;
  take: (option: Option) => void;
}

/** What could be typed next, above the composer, and how the command is used. */
export function Suggestions({ id, completion, active, take }: Props) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const { hint, options, title } = completion;
  return (
    <div class="suggestions">
      {hint === undefined ? (
        <div class="suggestions-title">{title}</div>
      ) : (
        <div class="usage" role="status">
          <code>{hint.usage}</code>
          <span>{hint.summary}</span>
        </div>
      )}
      {options.length === 0 ? null : (
        <ul id={id} ref={list} role="listbox" aria-label={title}>
          {options.map((option, at) => (
            <li
              key={option.id}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === active}
              class="suggestion"
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(option)}
            >
              {option.emoji === undefined ? null : (
                <span aria-hidden="true">
                  <EmojiMark name={option.emoji} />
                </span>
              )}
              <span class="suggestion-label">{option.label}</span>
              {option.detail === '' ? null : <span class="soft clip">{option.detail}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
