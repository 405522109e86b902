import type { SlackChannel, SlackEphemeral, SlackUser } from '@lifeboat/stand-ins/slack/state';
import { memo } from '../app/memo.ts';
import { usePage } from '../app/page.ts';
import { Avatar } from '../bits/avatar.tsx';
import { Icon } from '../bits/icon.tsx';
import { keep } from '../state/stored.ts';
import { AuthorLine } from './author.tsx';
import { Body } from './body.tsx';
import { times } from './now.ts';
import { useDrawing } from './use-drawing.ts';

interface Props {
  ephemeral: SlackEphemeral;
  bot: string;
  users: ReadonlyMap<string, SlackUser>;
  channels: ReadonlyMap<string, SlackChannel>;
  me: string;
}

export const EphemeralRow = memo((props: Props) => {
  const { ephemeral, bot, users, me } = props;
  const { ui } = usePage();
  const context = useDrawing({ ephemeral: ephemeral.id }, ephemeral.id, props, me, false);
  const dismiss = () => {
    ui.update((state) => ({ ...state, dismissed: new Set([...state.dismissed, ephemeral.id]) }));
    keep(sessionStorage, 'dismissed', [...ui.value.dismissed]);
  };
  return (
    <div
      class="message message-lead message-ephemeral"
      role="article"
      aria-label={`Only visible to you: Lifeboat, ${times.when(ephemeral.ts)}`}
      tabIndex={-1}
      data-row={ephemeral.id}
    >
      <div class="message-gutter">
        <Avatar user={users.get(bot)} />
      </div>
      <div class="message-main">
        <div class="only-you">
          <Icon name="eye" /> Only visible to you
        </div>
        <AuthorLine user={users.get(bot)} fallback="Lifeboat" ts={ephemeral.ts} />
        <Body text={ephemeral.text} blocks={ephemeral.blocks} context={context} />
        <button type="button" class="text-button" onClick={dismiss}>
          Dismiss message
        </button>
      </div>
    </div>
  );
});
