import { useState } from 'preact/hooks';
import { emojiNames } from '../blocks/emoji.ts';
import { EmojiMark } from '../bits/emoji-mark.tsx';
import { moveFocus } from '../bits/move-focus.ts';
import { Popover } from '../bits/popover.tsx';

interface Props {
  anchor: HTMLElement;
  close: () => void;
  pick: (name: string) => void;
}

const OFTEN = ['eyes', '+1', 'white_check_mark', 'rotating_light', 'pray', 'raised_hand', 'tada', 'warning'];
/** How many fit into a row: as style/popover.css lays them out. */
const COLUMNS = 8;
const MOST = 160;

export function EmojiPicker({ anchor, close, pick }: Props) {
  const [typed, setTyped] = useState('');
  const wanted = typed
    .trim()
    .toLowerCase()
    .replaceAll(/[\s:]+/g, '_')
    .replaceAll(/^_|_$/g, '');
  const names = [...new Set([...OFTEN.filter((name) => emojiNames.includes(name)), ...emojiNames])];
  const found = names.filter((name) => name.includes(wanted)).slice(0, MOST);
  const take = (name: string) => {
    close();
    pick(name);
  };
  return (
    <Popover anchor={anchor} label="Choose an emoji" class="emoji-picker" close={close}>
      <div role="presentation" onKeyDown={(event) => moveFocus(event, 'input, .emoji-choice', { columns: COLUMNS })}>
        <input
          type="search"
          class="field"
          aria-label="Search emoji"
          placeholder="Search emoji"
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') event.stopPropagation();
            if (event.key === 'Enter' && found[0] !== undefined) take(found[0]);
          }}
        />
        <div class="emoji-grid">
          {found.map((name) => (
            <button
              key={name}
              type="button"
              class="emoji-choice"
              aria-label={name.replaceAll('_', ' ')}
              title={`:${name}:`}
              onClick={() => take(name)}
            >
              <span aria-hidden="true">
                <EmojiMark name={name} />
              </span>
            </button>
          ))}
        </div>
        <p class="soft" role="status">
          {found.length === 0 ? `No emoji is called "${typed}".` : ''}
        </p>
      </div>
    </Popover>
  );
}
