import type { SlackUser } from '@lifeboat/stand-ins/slack/state';
import { memo } from '../app/memo.ts';
import { useClient } from '../app/page.ts';
import { initials, tint } from './initials.ts';
import { Lifebuoy } from './icon.tsx';

/** A person's initials on a colour that stays theirs; bots wear the lifebuoy. Names stand beside it, so it is silent. */
export const Avatar = memo(({ user, small = false }: { user: SlackUser | undefined; small?: boolean }) => {
  const users = useClient((state) => state.users);
  const size = small ? ' avatar-small' : '';
  if (user?.is_bot === true) {
    return (
      <span class={`avatar avatar-bot${size}`} aria-hidden="true">
        <Lifebuoy />
      </span>
    );
  }
  return (
    <span class={`avatar avatar-${tint(users.keys(), user?.id ?? '')}${size}`} aria-hidden="true">
      {initials(user?.real_name ?? '?')}
    </span>
  );
});
