import { useState } from 'preact/hooks';
import type { SlackChannel, SlackFile, SlackMessage, SlackUser } from '@lifeboat/stand-ins/slack/state';
import { memo } from '../app/memo.ts';
import { usePage } from '../app/page.ts';
import { Avatar } from '../bits/avatar.tsx';
import { Icon } from '../bits/icon.tsx';
import { formatRoute } from '../state/route.ts';
import { AuthorLine, Stamp } from './author.tsx';
import { Body } from './body.tsx';
import { Files } from './files.tsx';
import { times } from './now.ts';
import { Reactions } from './reactions.tsx';
import { ReplyLink } from './reply-link.tsx';
import { Toolbar } from './toolbar.tsx';
import { useDrawing } from './use-drawing.ts';

export interface MessageRowProps {
  message: SlackMessage;
  lead: boolean;
  pinned: boolean;
  readOnly: boolean;
  inThread: boolean;
  users: ReadonlyMap<string, SlackUser>;
  channels: ReadonlyMap<string, SlackChannel>;
  files: ReadonlyMap<string, SlackFile>;
  me: string;
  replyCount: number;
  replyLast: string;
  replyUsers: string;
}

/** One message with all that hangs on it. Its properties are compared one by one, so keep them plain. */
export const MessageRow = memo((props: MessageRowProps) => {
  const { message, lead, pinned, readOnly, inThread, users, me } = props;
  const { channel, ts } = message;
  const { act } = usePage();
  const [shown, setShown] = useState(false);
  const context = useDrawing({ message: { channel, ts } }, ts, props, me, readOnly);
  const user = users.get(message.user);
  const name = user?.real_name ?? 'Somebody who left';
  const href = formatRoute({ place: channel, ts });
  return (
    <div
      class={`message${lead ? ' message-lead' : ''}${pinned ? ' message-pinned' : ''}`}
      role="article"
      aria-label={`${name}, ${times.when(ts)}`}
      tabIndex={-1}
      data-row={ts}
      onMouseEnter={() => setShown(true)}
      onMouseLeave={({ currentTarget }) => {
        if (!currentTarget.contains(document.activeElement)) setShown(false);
      }}
      onFocusIn={() => setShown(true)}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget)))
          setShown(currentTarget.matches(':hover'));
      }}
    >
      <div class="message-gutter">{lead ? <Avatar user={user} /> : <Stamp ts={ts} href={href} />}</div>
      <div class="message-main">
        {pinned ? (
          <div class="pinned-note">
            <Icon name="pin" /> Pinned
          </div>
        ) : null}
        {lead ? <AuthorLine user={user} fallback={name} ts={ts} href={href} /> : null}
        <Body text={message.text} blocks={message.blocks} context={context} />
        {message.edited === undefined ? null : (
          <span class="edited" title={`Edited ${times.exact(message.edited.ts)}`}>
            (edited)
          </span>
        )}
        {message.files === undefined || message.files.length === 0 ? null : (
          <Files ids={message.files} files={props.files} />
        )}
        {(message.reactions ?? []).some(({ users: by }) => by.length > 0) ? (
          <Reactions
            reactions={message.reactions ?? []}
            users={users}
            me={me}
            react={readOnly ? null : (emoji) => void act({ do: 'react', channel, ts, name: emoji })}
          />
        ) : null}
        {props.replyCount > 0 && !inThread ? (
          <ReplyLink ts={ts} count={props.replyCount} last={props.replyLast} by={props.replyUsers} users={users} />
        ) : null}
      </div>
      {shown ? <Toolbar message={message} pinned={pinned} readOnly={readOnly} inThread={inThread} /> : null}
    </div>
  );
});
