import type { SlackMessage, SlackUser } from '@lifeboat/stand-ins/slack/state';
import { EmojiMark } from '../bits/emoji-mark.tsx';
import { Icon } from '../bits/icon.tsx';
import { PopoverButton } from '../bits/popover-button.tsx';
import { EmojiPicker } from './emoji-picker.tsx';
import { listed } from './listed.ts';

interface Props {
  reactions: NonNullable<SlackMessage['reactions']>;
  users: ReadonlyMap<string, SlackUser>;
  me: string;
  /** Null where one may only look. */
  react: ((name: string) => void) | null;
}

export function Reactions({ reactions, users, me, react }: Props) {
  const nameOf = (id: string) => (id === me ? 'You' : (users.get(id)?.real_name ?? 'Somebody'));
  return (
    <div class="reactions">
      {reactions
        .filter((reaction) => reaction.users.length > 0)
        .map(({ name, users: by }) => {
          const who = `${listed(by.map(nameOf))} reacted with ${name.replaceAll('_', ' ')}`;
          return (
            <button
              key={name}
              type="button"
              class="reaction"
              aria-pressed={by.includes(me)}
              aria-label={`${by.length}: ${who}`}
              title={who}
              aria-disabled={react === null}
              onClick={() => react?.(name)}
            >
              <span aria-hidden="true">
                <EmojiMark name={name} />
              </span>{' '}
              {by.length}
            </button>
          );
        })}
      {react === null ? null : (
        <PopoverButton
          label="Add a reaction"
          class="reaction reaction-add"
          popup="dialog"
          open={(anchor, close) => <EmojiPicker anchor={anchor} close={close} pick={react} />}
        >
          <Icon name="smile" />
        </PopoverButton>
      )}
    </div>
  );
}
