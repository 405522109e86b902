import { useClient, usePage } from '../app/page.ts';
import { Icon } from '../bits/icon.tsx';
import { Menu } from '../bits/menu.tsx';
import { PopoverButton } from '../bits/popover-button.tsx';
import { EmojiPicker } from '../message/emoji-picker.tsx';

interface Props {
  insert: (words: string) => void;
  /** Begins a command. */
  start: () => void;
  inThread: boolean;
}

/** What stands below the text: shortcuts and emoji. */
export function ComposerTools({ insert, start, inThread }: Props) {
  const { act } = usePage();
  const shortcuts = useClient((state) => state.shortcuts);
  const items = [
    ...shortcuts
      .filter(({ on }) => on === 'anywhere')
      .map(({ callback_id, name }) => ({
        id: callback_id,
        label: name,
        detail: 'Lifeboat',
        mark: <Icon name="bolt" />,
        pick: () => void act({ do: 'shortcut', callback_id }),
      })),
    { id: 'command', label: 'Type a command', detail: '/dr', mark: <Icon name="wire" />, pick: start },
  ];
  return (
    <>
      {inThread ? null : (
        <PopoverButton
          label="Shortcuts"
          class="icon-button"
          popup="menu"
          open={(anchor, close) => <Menu anchor={anchor} label="Shortcuts" items={items} close={close} />}
        >
          <Icon name="plus" />
        </PopoverButton>
      )}
      <PopoverButton
        label="Emoji"
        class="icon-button"
        popup="dialog"
        open={(anchor, close) => <EmojiPicker anchor={anchor} close={close} pick={(name) => insert(`:${name}: `)} />}
      >
        <Icon name="smile" />
      </PopoverButton>
    </>
  );
}
