import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SlackChannel, SlackEphemeral, SlackMessage } from '@lifeboat/stand-ins/slack/state';
import { memo } from '../app/memo.ts';
import { useClient, useMe, usePage, useUi } from '../app/page.ts';
import { useRows } from '../bits/use-rows.ts';
import { EphemeralRow } from '../message/ephemeral-row.tsx';
import { MessageRow } from '../message/message-row.tsx';
import { times } from '../message/now.ts';
import { latestOf, layOut } from '../message/rows.ts';
import { markRead, unreadIn } from '../state/reads.ts';
import { roots, summarise } from '../thread/replies.ts';
import { flash, rowOf } from './flash.ts';
import { useStickyScroll } from './use-sticky-scroll.ts';

/** So many messages are drawn at first, and so many more each time the reader comes to the top. */
const PAGE = 120;
const NONE: readonly SlackMessage[] = [];

interface Props {
  channel: SlackChannel;
  readOnly: boolean;
}

/** The messages of a channel. Give it a key of channel and person: it remembers where reading began. */
export const MessageList = memo(({ channel, readOnly }: Props) => {
  const { ui } = usePage();
  const me = useMe();
  const shown = useClient(({ messages }) => messages.get(channel.id)) ?? NONE;
  const ephemerals = useMyEphemerals(channel.id, me);
  const wanted = useUi(({ route }) => (route.place === channel.id ? route.ts : undefined));
  const [limit, setLimit] = useState(PAGE);
  const [newFrom] = useState(() => unreadIn(ui.value.reads, me, channel, shown).first);

  const all = useMemo(() => roots(shown), [shown]);
  const threads = useMemo(() => summarise(shown), [shown]);
  const place = wanted === undefined ? -1 : all.findIndex(({ ts }) => ts === wanted);
  const least = place < 0 ? limit : Math.max(limit, all.length - place + 20);
  // What was jumped to stays drawn when the address no longer names it.
  useLayoutEffect(() => {
    if (place >= 0) setLimit((before) => Math.max(before, least));
  }, [place, least]);
  const some = useMemo(() => all.slice(-least), [all, least]);
  const from = some.length < all.length ? (some[0]?.ts ?? '') : '';
  const mine = useMemo(() => ephemerals.filter(({ ts }) => ts > from), [ephemerals, from]);
  const rows = useMemo(() => layOut(some, mine, times, newFrom), [some, mine, newFrom]);
  const last = latestOf(rows);
  const scroll = useStickyScroll(last, () => (wanted === undefined ? rowOf('new') : rowOf(wanted)));

  useLayoutEffect(() => {
    if (wanted !== undefined) flash(wanted);
  }, [wanted]);
  useSent(channel.id, scroll.toBottom);
  useReading(channel.id, me, shown.at(-1)?.ts, scroll.atBottom, scroll.reached);
  const keys = useRows(scroll.content);

  const onScroll = () => {
    scroll.onScroll();
    const { current } = scroll.scroller;
    if (!current || current.scrollTop > 400 || some.length === all.length) return;
    // A list that stands at its very top is not held in place by browsers when something is put above.
    if (current.scrollTop < 1) current.scrollTop = 1;
    setLimit(least + PAGE);
  };
  return (
    <div class="message-area">
      <h2 class="unseen">Messages</h2>
      <div class="message-scroller" ref={scroll.scroller} onScroll={onScroll}>
        <div
          class="message-log"
          ref={scroll.content}
          role="log"
          aria-label={channel.is_im ? 'Messages with Lifeboat' : `Messages in ${channel.name}`}
          aria-live="polite"
          aria-relevant="additions"
          data-region="messages"
          {...keys}
        >
          {rows.length === 0 ? <Beginning channel={channel} /> : null}
          {rows.map((row) =>
            row.kind === 'day' ? (
              <div key={row.key} class="day" role="separator" aria-label={row.label}>
                <span>{row.label}</span>
              </div>
            ) : row.kind === 'new' ? (
              <div key={row.key} class="new-line" role="separator" aria-label="New messages" data-mark="new">
                <span>New</span>
              </div>
            ) : row.kind === 'ephemeral' ? (
              <Ephemeral key={row.key} ephemeral={row.ephemeral} me={me} />
            ) : (
              <Message
                key={row.key}
                {...{ channel, readOnly, me }}
                message={row.message}
                lead={row.lead}
                threads={threads}
              />
            ),
          )}
        </div>
      </div>
      {scroll.below ? (
        <button type="button" class="below-button" onClick={scroll.toBottom}>
          New messages
        </button>
      ) : null}
    </div>
  );
});

const Beginning = ({ channel }: { channel: SlackChannel }) => (
  <div class="beginning">
    <strong>{channel.is_im ? 'Lifeboat writes to you here' : `This is #${channel.name}`}</strong>
    <p>
      {channel.is_im
        ? 'Pages and requests for approval arrive in this place.'
        : channel.purpose || 'Nobody wrote here yet.'}
    </p>
  </div>
);

interface MessageProps extends Props {
  message: SlackMessage;
  lead: boolean;
  me: string;
  threads: ReturnType<typeof summarise>;
}

function Message({ channel, threads, ...rest }: MessageProps) {
  const users = useClient((state) => state.users);
  const channels = useClient((state) => state.channels);
  const files = useClient((state) => state.files);
  const { ts } = rest.message;
  const replies = threads.get(ts);
  return (
    <MessageRow
      {...{ ...rest, users, channels, files, inThread: false, pinned: channel.pins.includes(ts) }}
      replyCount={replies?.count ?? 0}
      replyLast={replies?.last ?? ''}
      replyUsers={replies?.users ?? ''}
    />
  );
}

function Ephemeral({ ephemeral, me }: { ephemeral: SlackEphemeral; me: string }) {
  const { users, channels, bot } = useClient((state) => state);
  return <EphemeralRow {...{ ephemeral, me, users, channels, bot }} />;
}

function useMyEphemerals(channel: string, me: string): SlackEphemeral[] {
  const all = useClient((state) => state.ephemerals);
  const dismissed = useUi((state) => state.dismissed);
  return useMemo(
    () => all.filter((one) => one.channel === channel && one.user === me && !dismissed.has(one.id)),
    [all, dismissed, channel, me],
  );
}

/** Whoever sends something wants to see it and its answer, wherever they were reading (`lifeboat:sent`, the channel in `detail`). */
function useSent(channel: string, toBottom: () => void): void {
  const latest = useRef(toBottom);
  latest.current = toBottom;
  useEffect(() => {
    const heard = (event: Event) => {
      if (event instanceof CustomEvent && event.detail === channel) latest.current();
    };
    window.addEventListener('lifeboat:sent', heard);
    return () => window.removeEventListener('lifeboat:sent', heard);
  }, [channel]);
}

/** Takes a channel as read while its end is on the screen. */
function useReading(
  channel: string,
  me: string,
  last: string | undefined,
  atBottom: { current: boolean },
  reached: boolean,
) {
  const { ui } = usePage();
  useEffect(() => {
    const read = () => {
      if (last === undefined || !atBottom.current || document.visibilityState !== 'visible') return;
      ui.update((state) => {
        const reads = markRead(state.reads, me, channel, last);
        return reads === state.reads ? state : { ...state, reads };
      });
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [channel, me, last, reached]);
}
