import type { SlackChannel } from '@lifeboat/stand-ins/slack/state';
import { useClient, usePage } from '../app/page.ts';
import { Icon } from '../bits/icon.tsx';
import { PopoverButton } from '../bits/popover-button.tsx';
import { Popover } from '../bits/popover.tsx';
import { Plain } from '../blocks/mrkdwn.tsx';
import { times } from '../message/now.ts';
import { plainWords } from './plain-words.ts';

/** The pinned messages; a press goes to one. */
export function Pins({ channel }: { channel: SlackChannel }) {
  const count = channel.pins.length;
  const label = `${count} pinned ${count === 1 ? 'message' : 'messages'}`;
  return (
    <PopoverButton
      label={label}
      class="tool-button"
      popup="dialog"
      open={(anchor, close) => (
        <Popover anchor={anchor} label="Pinned messages" class="list-popover" close={close}>
          <h2>Pinned</h2>
          <PinList channel={channel} close={close} />
        </Popover>
      )}
    >
      <Icon name="pin" /> {count}
    </PopoverButton>
  );
}

function PinList({ channel, close }: { channel: SlackChannel; close: () => void }) {
  const { jump } = usePage();
  const users = useClient((state) => state.users);
  const channels = useClient((state) => state.channels);
  const messages = useClient((state) => state.messages.get(channel.id));
  return (
    <ul>
      {channel.pins.toReversed().map((ts) => {
        const message = messages?.find((one) => one.ts === ts);
        if (!message) return null;
        return (
          <li key={ts}>
            <button
              type="button"
              class="menu-item"
              onClick={() => {
                close();
                jump(channel.id, ts);
              }}
            >
              <span class="menu-words">
                <small>
                  {users.get(message.user)?.real_name ?? 'Somebody'}, {times.when(ts)}
                </small>
                <span class="clamp">
                  <Plain text={plainWords(message.text, { users, channels })} />
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
