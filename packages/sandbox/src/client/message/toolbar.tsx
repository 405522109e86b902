import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';
import { usePage, useClient } from '../app/page.ts';
import { Icon } from '../bits/icon.tsx';
import { IconButton } from '../bits/icon-button.tsx';
import { Menu, type MenuItem } from '../bits/menu.tsx';
import { PopoverButton } from '../bits/popover-button.tsx';
import { formatRoute } from '../state/route.ts';
import { EmojiPicker } from './emoji-picker.tsx';

interface Props {
  message: SlackMessage;
  pinned: boolean;
  /** In an archived or foreign channel one can only look and copy. */
  readOnly: boolean;
  inThread: boolean;
}

/** What can be done with a message; shown while it is pointed at or has the focus. */
export function Toolbar({ message, pinned, readOnly, inThread }: Props) {
  const { act, go, toast } = usePage();
  const shortcuts = useClient((state) => state.shortcuts);
  const { channel, ts } = message;
  const items: MenuItem[] = [
    ...shortcuts
      .filter(({ on }) => on === 'message' && !readOnly)
      .map(({ callback_id, name }) => ({
        id: callback_id,
        label: name,
        detail: 'Lifeboat',
        pick: () => void act({ do: 'shortcut', callback_id, message: { channel, ts } }),
      })),
    { id: 'copy', label: 'Copy link', pick: () => void copyLink(channel, ts).then(toast) },
  ];
  return (
    <div class="toolbar" role="toolbar" aria-label="This message">
      {readOnly ? null : (
        <PopoverButton
          label="React"
          class="icon-button"
          popup="dialog"
          open={(anchor, close) => (
            <EmojiPicker anchor={anchor} close={close} pick={(name) => void act({ do: 'react', channel, ts, name })} />
          )}
        >
          <Icon name="smile" />
        </PopoverButton>
      )}
      {inThread ? null : <IconButton icon="reply" label="Reply in thread" onClick={() => go({ thread: ts })} />}
      {readOnly ? null : (
        <IconButton
          icon="pin"
          label={pinned ? 'Unpin' : 'Pin to channel'}
          aria-pressed={pinned}
          onClick={() => void act({ do: 'pin', channel, ts, pinned: !pinned })}
        />
      )}
      <PopoverButton
        label="More actions"
        class="icon-button"
        popup="menu"
        open={(anchor, close) => <Menu anchor={anchor} label="More actions" items={items} close={close} />}
      >
        <Icon name="more" />
      </PopoverButton>
    </div>
  );
}

/** Returns what to tell the person. */
async function copyLink(channel: string, ts: string): Promise<string> {
  const link = new URL(formatRoute({ place: channel, ts }), location.href).href;
  try {
    await navigator.clipboard.writeText(link);
    return 'Link copied.';
  } catch {
    return `The browser does not let this page copy. The link is ${link}`;
  }
}
