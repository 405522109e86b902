import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { SlackChannel, SlackMessage } from '@lifeboat/stand-ins/slack/state';
import { useClient, useMe, usePage, useUi } from '../app/page.ts';
import { IconButton } from '../bits/icon-button.tsx';
import { Composer } from '../composer/composer.tsx';
import { MessageRow } from '../message/message-row.tsx';
import { times } from '../message/now.ts';
import { layOut } from '../message/rows.ts';
import { useRows } from '../bits/use-rows.ts';
import { repliesTo } from './replies.ts';

const NONE: readonly SlackMessage[] = [];

/** A message with its answers, beside the channel. */
export function Thread({ channel, ts }: { channel: SlackChannel; ts: string }) {
  const { go } = usePage();
  const me = useMe();
  const messages = useClient((state) => state.messages.get(channel.id)) ?? NONE;
  const first = messages.find((one) => one.ts === ts);
  const replies = useMemo(() => repliesTo(messages, ts), [messages, ts]);
  const wanted = useUi(({ route }) => route.ts);
  const list = useRef<HTMLDivElement>(null);
  const keys = useRows(list);
  const writable = !channel.is_archived && channel.members.includes(me);
  useLayoutEffect(() => {
    const row = wanted === undefined ? null : list.current?.querySelector(`[data-row="${CSS.escape(wanted)}"]`);
    if (row) row.scrollIntoView({ block: 'center' });
    else list.current?.lastElementChild?.scrollIntoView({ block: 'end' });
  }, [replies.length, wanted]);
  return (
    <section class="thread" aria-label="Thread" data-region="side">
      <header class="side-header">
        <div>
          <h2>Thread</h2>
          <p class="soft clip">{channel.is_im ? 'Lifeboat' : `#${channel.name}`}</p>
        </div>
        <IconButton icon="close" label="Close thread" onClick={() => go({ thread: null })} />
      </header>
      <div class="thread-list" ref={list} role="log" aria-label="Replies" {...keys}>
        {first === undefined ? (
          <p class="beginning">This message is gone.</p>
        ) : (
          <ThreadMessage channel={channel} message={first} lead readOnly={!writable} />
        )}
        <div class="reply-line" role="separator" aria-label="Replies">
          <span>{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</span>
        </div>
        {layOut(replies, [], times).map((row) =>
          row.kind === 'message' ? (
            <ThreadMessage key={row.key} channel={channel} message={row.message} lead={row.lead} readOnly={!writable} />
          ) : null,
        )}
      </div>
      {writable && first !== undefined ? <Composer key={`${me}/${ts}`} channel={channel} thread={ts} /> : null}
    </section>
  );
}

interface RowProps {
  channel: SlackChannel;
  message: SlackMessage;
  lead: boolean;
  readOnly: boolean;
}

function ThreadMessage({ channel, ...rest }: RowProps) {
  const users = useClient((state) => state.users);
  const channels = useClient((state) => state.channels);
  const files = useClient((state) => state.files);
  const me = useMe();
  return (
    <MessageRow
      {...{ ...rest, users, channels, files, me, inThread: true, pinned: channel.pins.includes(rest.message.ts) }}
      replyCount={0}
      replyLast=""
      replyUsers=""
    />
  );
}
