import { useMemo, useState } from 'preact/hooks';
import type { Target } from '../../page/protocol.ts';
import type { Drawing } from '../blocks/drawing.ts';
import { usePage } from '../app/page.ts';
import type { Directory } from '../composer/encode.ts';
import { maySee } from '../sidebar/channel-order.ts';

/** What blocks need to be drawn and pressed; `busy` is the action that waits for its answer. */
export function useDrawing(
  target: Target,
  key: string,
  { users, channels }: Directory,
  me: string,
  disabled: boolean,
): Drawing {
  const { act, jump, toast } = usePage();
  const [busy, setBusy] = useState<string | null>(null);
  return useMemo((): Drawing => {
    const deed = async (action: string, doing: Parameters<typeof act>[0]) => {
      setBusy(action);
      await act(doing);
      setBusy(null);
    };
    return {
      users,
      channels,
      me,
      disabled,
      ...(busy === null ? {} : { busy }),
      press: (block_id, action_id, value) =>
        void deed(action_id, { do: 'press', target, block_id, action_id, ...(value === undefined ? {} : { value }) }),
      choose: (block_id, action_id, value) =>
        void deed(action_id, { do: 'choose', target, block_id, action_id, value }),
      openChannel: (id, ts) => {
        const channel = channels.get(id);
        if (channel && maySee(channel, me)) jump(id, ts);
        else toast(channel ? 'That channel is private.' : 'That channel is not in this workspace.');
      },
    };
  }, [key, users, channels, me, disabled, busy]);
}
