import type { SlackChannel } from '@lifeboat/stand-ins/slack/state';
import { useClient, useMe, usePage, useUi } from '../app/page.ts';
import { Icon } from '../bits/icon.tsx';
import { Avatar } from '../bits/avatar.tsx';
import { EmojiMark } from '../bits/emoji-mark.tsx';
import { formatRoute } from '../state/route.ts';
import { unreadIn } from '../state/reads.ts';
import { severityMark } from './channel-order.ts';

/** A place in the side bar: bold while something in it is unread, with a badge while something asks for this person. */
export function ChannelLink({ channel }: { channel: SlackChannel }) {
  const { go } = usePage();
  const me = useMe();
  const here = useUi(({ route }) => route.place === channel.id);
  const reads = useUi((state) => state.reads);
  const messages = useClient((state) => state.messages.get(channel.id));
  const bot = useClient((state) => state.users.get(state.bot));
  const { count, asks } = unreadIn(reads, me, channel, messages);
  const mark = severityMark(channel);
  const joined = channel.members.includes(me);
  return (
    <a
      class={`place${count + asks > 0 ? ' place-unread' : ''}${joined ? '' : ' place-outside'}${channel.is_archived ? ' place-archived' : ''}`}
      href={formatRoute({ place: channel.id })}
      aria-current={here ? 'page' : undefined}
      title={channel.is_im ? undefined : channel.name}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go({ place: channel.id });
      }}
    >
      {channel.is_im ? (
        <Avatar user={bot} small />
      ) : mark ? (
        <span class="place-mark">
          <span aria-hidden="true">
            <EmojiMark name={mark.emoji} />
          </span>
          <span class="unseen">{mark.words} </span>
        </span>
      ) : (
        <Icon name={channel.is_private ? 'lock' : 'hash'} />
      )}
      <span class="clip">{channel.is_im ? 'Lifeboat' : channel.name}</span>
      {asks > 0 ? (
        <span class="badge">
          {asks}
          <span class="unseen"> unread for you</span>
        </span>
      ) : count > 0 ? (
        <span class="unseen">, {count} unread</span>
      ) : null}
    </a>
  );
}
