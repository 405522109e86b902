import type { SlackChannel, SlackUser } from '@lifeboat/stand-ins/slack/state';

/** What blocks need to know of the page around them, and what they ask of it. Keep it the same object while it may be. */
export interface Drawing {
  users: ReadonlyMap<string, SlackUser>;
  channels: ReadonlyMap<string, SlackChannel>;
  /** The user id of the reader. */
  me: string;
  /** Shown, but nothing may be pressed. */
  disabled?: boolean;
  /** The action_ids that wait for their answers. */
  busy?: readonly string[];
  press: (block_id: string, action_id: string, value?: string) => void;
  choose: (block_id: string, action_id: string, value: string | string[]) => void;
  openChannel: (id: string, ts?: string) => void;
  openUser?: (id: string) => void;
}

export const nameOfUser = (context: Pick<Drawing, 'users'>, id: string): string | undefined => {
  const user = context.users.get(id);
  return user && (user.real_name || user.name);
};

/** A direct message is named after the other person. */
export function nameOfChannel(context: Pick<Drawing, 'users' | 'channels'>, id: string): string | undefined {
  const channel = context.channels.get(id);
  return channel?.is_im ? nameOfUser(context, channel.im_user ?? '') : channel?.name;
}
