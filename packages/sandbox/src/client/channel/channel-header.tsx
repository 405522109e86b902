import type { SlackChannel } from '@lifeboat/stand-ins/slack/state';
import { useClient, usePage } from '../app/page.ts';
import { Avatar } from '../bits/avatar.tsx';
import { EmojiMark } from '../bits/emoji-mark.tsx';
import { Icon } from '../bits/icon.tsx';
import { IconButton } from '../bits/icon-button.tsx';
import { PopoverButton } from '../bits/popover-button.tsx';
import { Popover } from '../bits/popover.tsx';
import { severityMark } from '../sidebar/channel-order.ts';
import { Pins } from './pins.tsx';

export function ChannelHeader({ channel }: { channel: SlackChannel }) {
  const { ui } = usePage();
  const mark = severityMark(channel);
  return (
    <header class="channel-header">
      <IconButton
        icon="back"
        label="Channels"
        class="narrow-only"
        onClick={() => ui.update((state) => ({ ...state, column: 'list' }))}
      />
      <div class="channel-title">
        <h1>
          {channel.is_im ? null : <Icon name={channel.is_private ? 'lock' : 'hash'} />}
          <span class="clip">{channel.is_im ? 'Lifeboat' : channel.name}</span>
          {channel.is_im ? <span class="app-badge">APP</span> : null}
          {mark === null ? null : (
            <span title={mark.words}>
              <EmojiMark name={mark.emoji} />
            </span>
          )}
        </h1>
        {channel.topic === '' ? null : (
          <p class="topic clip" title={channel.topic}>
            {channel.topic}
          </p>
        )}
      </div>
      {channel.is_im ? null : (
        <div class="channel-tools">
          {channel.pins.length === 0 ? null : <Pins channel={channel} />}
          <Members channel={channel} />
        </div>
      )}
    </header>
  );
}

function Members({ channel }: { channel: SlackChannel }) {
  const users = useClient((state) => state.users);
  const count = channel.members.length;
  const label = `${count} ${count === 1 ? 'member' : 'members'}`;
  return (
    <PopoverButton
      label={label}
      class="tool-button"
      popup="dialog"
      open={(anchor, close) => (
        <Popover anchor={anchor} label={`Members of ${channel.name}`} class="list-popover" close={close}>
          <h2 tabIndex={-1} data-first="true">
            {label}
          </h2>
          <ul>
            {channel.members.map((id) => (
              <li key={id} class="person">
                <Avatar user={users.get(id)} small />
                {users.get(id)?.real_name ?? id}
                {users.get(id)?.is_bot === true ? <span class="app-badge">APP</span> : null}
              </li>
            ))}
          </ul>
        </Popover>
      )}
    >
      <Icon name="people" /> {count}
    </PopoverButton>
  );
}
