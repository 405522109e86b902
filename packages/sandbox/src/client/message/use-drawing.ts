import { useMemo, useRef, useState } from 'preact/hooks';
import type { Target } from '../../page/protocol.ts';
import type { Drawing } from '../blocks/drawing.ts';
import { usePage } from '../app/page.ts';
import type { Directory } from '../composer/encode.ts';
import { maySee } from '../sidebar/channel-order.ts';

/** What blocks need to be drawn and pressed; `busy` are the actions that wait for their answers; a button among them is not sent again. */
export function useDrawing(
  target: Target,
  key: string,
  { users, channels }: Directory,
  me: string,
  disabled: boolean,
): Drawing {
  const { act, jump, toast } = usePage();
  const [busy, setBusy] = useState<readonly string[]>([]);
  const waiting = useRef(new Map<string, number>());
  return useMemo((): Drawing => {
    const deed = async (action: string, doing: Parameters<typeof act>[0]) => {
      const count = waiting.current;
      // Asked here too: a second press may come before the first one is drawn.
      if (doing.do === 'press' && count.has(action)) return;
      count.set(action, (count.get(action) ?? 0) + 1);
      setBusy([...count.keys()]);
      await act(doing);
      const left = (count.get(action) ?? 1) - 1;
      if (left > 0) count.set(action, left);
      else count.delete(action);
      setBusy([...count.keys()]);
    };
    return {
      users,
      channels,
      me,
      disabled,
      busy,
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
