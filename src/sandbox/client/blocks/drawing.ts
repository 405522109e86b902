// Placeholder: the Block Kit renderer brings its own.
import type { SlackChannel, SlackUser } from '../../slack/state.ts';

export interface Drawing {
  users: ReadonlyMap<string, SlackUser>;
  channels: ReadonlyMap<string, SlackChannel>;
  me: string;
  disabled?: boolean;
  busy?: string;
  press: (block_id: string, action_id: string, value?: string) => void;
  choose: (block_id: string, action_id: string, value: string | string[]) => void;
  openChannel: (id: string, ts?: string) => void;
  openUser?(id: string): void;
}
