import type { SlackUser } from '@lifeboat/stand-ins/slack/state';
import { times } from './now.ts';

/** The line above a message: who, whether it is an app, and when. */
export const AuthorLine = ({ user, fallback, ts, href }: AuthorProps) => (
  <div class="author-line">
    <span class="author">{user?.real_name ?? fallback}</span>
    {user?.is_bot === true ? <span class="app-badge">APP</span> : null}
    <Stamp ts={ts} href={href} />
  </div>
);

interface AuthorProps {
  user: SlackUser | undefined;
  fallback: string;
  ts: string;
  href?: string | undefined;
}

/** The time, exact when pointed at; a link to the message where it has one. */
export function Stamp({ ts, href }: { ts: string; href?: string | undefined }) {
  const time = (
    <time dateTime={new Date(Number(ts) * 1000).toISOString()} title={times.exact(ts)}>
      {times.clock(ts)}
    </time>
  );
  return href === undefined ? (
    <span class="stamp">{time}</span>
  ) : (
    <a class="stamp" href={href} tabIndex={-1}>
      {time}
    </a>
  );
}
