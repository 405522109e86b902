import type { SlackUser } from '@lifeboat/stand-ins/slack/state';
import { usePage } from '../app/page.ts';
import { Avatar } from '../bits/avatar.tsx';
import { times } from './now.ts';

interface Props {
  ts: string;
  count: number;
  last: string;
  /** User ids, parted by spaces. */
  by: string;
  users: ReadonlyMap<string, SlackUser>;
}

export function ReplyLink({ ts, count, last, by, users }: Props) {
  const { go } = usePage();
  return (
    <button type="button" class="reply-link" onClick={() => go({ thread: ts })}>
      {by.split(' ').map((id) => (
        <Avatar key={id} user={users.get(id)} small />
      ))}
      <span class="reply-count">
        {count} {count === 1 ? 'reply' : 'replies'}
      </span>
      <span class="soft">last {times.when(last)}</span>
    </button>
  );
}
