import { useState } from 'preact/hooks';
import type { SlackChannel } from '@lifeboat/stand-ins/slack/state';
import { usePage } from '../app/page.ts';
import { EmojiMark } from '../bits/emoji-mark.tsx';
import { Icon } from '../bits/icon.tsx';
import { PopoverButton } from '../bits/popover-button.tsx';
import { Popover } from '../bits/popover.tsx';

/** The links above a channel's messages. */
export const Bookmarks = ({ channel, readOnly }: { channel: SlackChannel; readOnly: boolean }) =>
  channel.bookmarks.length === 0 && readOnly ? null : (
    <nav class="bookmarks" aria-label="Bookmarks">
      {channel.bookmarks.map(({ id, title, link, emoji }) => (
        <a key={id} class="bookmark" href={safe(link)} target="_blank" rel="noreferrer noopener">
          {emoji === undefined ? (
            <Icon name="bookmark" />
          ) : (
            <span aria-hidden="true">
              <EmojiMark name={emoji.replaceAll(':', '')} />
            </span>
          )}
          {title}
        </a>
      ))}
      {readOnly ? null : (
        <PopoverButton
          label="Add a bookmark"
          class="bookmark bookmark-add"
          popup="dialog"
          open={(anchor, close) => (
            <Popover anchor={anchor} label="Add a bookmark" class="small-form" close={close}>
              <BookmarkForm channel={channel.id} close={close} />
            </Popover>
          )}
        >
          <Icon name="plus" />
          {channel.bookmarks.length === 0 ? 'Add a bookmark' : null}
        </PopoverButton>
      )}
    </nav>
  );

/** A link that a browser may follow; whatever else was put there leads nowhere. */
const safe = (link: string | undefined): string =>
  link !== undefined && /^https?:\/\//i.test(link) ? link : 'about:blank';

function BookmarkForm({ channel, close }: { channel: string; close: () => void }) {
  const { act } = usePage();
  const [title, setTitle] = useState('');
  const [link, setLink] = useState('https://');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        close();
        void act({ do: 'bookmark', channel, title: title.trim() === '' ? link : title.trim(), link });
      }}
    >
      <label>
        Link
        <input
          class="field"
          type="url"
          required
          pattern="https?://.+"
          data-first="true"
          value={link}
          onInput={(event) => setLink(event.currentTarget.value)}
        />
      </label>
      <label>
        Name
        <input
          class="field"
          value={title}
          placeholder="Dashboard"
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button button-primary">
        Add
      </button>
    </form>
  );
}
