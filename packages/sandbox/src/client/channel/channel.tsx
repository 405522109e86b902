import { usePage, useClient, useMe } from '../app/page.ts';
import { Composer } from '../composer/composer.tsx';
import { Bookmarks } from './bookmarks.tsx';
import { ChannelHeader } from './channel-header.tsx';
import { MessageList } from './message-list.tsx';

export function Channel({ id }: { id: string }) {
  const { act } = usePage();
  const me = useMe();
  const channel = useClient(({ channels }) => channels.get(id));
  if (!channel) return <p class="beginning">This channel is gone.</p>;
  const member = channel.members.includes(me);
  const readOnly = channel.is_archived || !member;
  return (
    <>
      <ChannelHeader channel={channel} />
      {channel.is_im ? null : <Bookmarks channel={channel} readOnly={readOnly} />}
      <MessageList key={`${id}/${me}`} channel={channel} readOnly={readOnly} />
      {channel.is_archived ? (
        <p class="bar" data-region="composer" tabIndex={-1}>
          This channel is archived. It can be read, and nobody can write here any more.
        </p>
      ) : member ? (
        <Composer key={`${id}/${me}/composer`} channel={channel} />
      ) : (
        <div class="bar" data-region="composer" tabIndex={-1}>
          <span>
            You are looking at <strong>#{channel.name}</strong>
          </span>
          <button type="button" class="button button-primary" onClick={() => void act({ do: 'join', channel: id })}>
            Join
          </button>
        </div>
      )}
    </>
  );
}
