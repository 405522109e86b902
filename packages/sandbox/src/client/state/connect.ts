import type { Change, Snapshot } from '../../page/protocol.ts';
import { apply } from './apply.ts';
import { fromSnapshot, type ClientState } from './client-state.ts';
import type { Store } from './store.ts';

/** Milliseconds until a connection that the server closed is tried again. */
const AGAIN_AFTER = 1000;

/** Keeps the store like the server's state. Changes that arrive before the snapshot are applied after it. */
export function connect(store: Store<ClientState | null>): void {
  let waiting: Change[] | null = [];
  let round = 0;

  const lost = () => store.update((state) => (state === null ? null : { ...state, connection: 'lost' }));

  const fetchSnapshot = async (source: EventSource) => {
    const mine = ++round;
    waiting = [];
    try {
      const answer = await fetch('/api/state');
      if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}.`);
      const snapshot = (await answer.json()) as Snapshot;
      if (mine !== round) return;
      store.set(waiting.reduce(apply, fromSnapshot(snapshot)));
      waiting = null;
    } catch {
      if (mine === round) reopen(source);
    }
  };

  const reopen = (source: EventSource) => {
    source.close();
    lost();
    setTimeout(open, AGAIN_AFTER);
  };

  const open = () => {
    const source = new EventSource('/api/changes');
    source.onopen = () => void fetchSnapshot(source);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const change = JSON.parse(data) as Change;
      if (change.kind === 'reset') void fetchSnapshot(source);
      else if (waiting) waiting.push(change);
      else store.update((state) => (state === null ? null : apply(state, change)));
    };
    source.onerror = () => {
      round++;
      // Where the server refused, the browser gives up; where it is away, the browser tries by itself.
      if (source.readyState === EventSource.CLOSED) reopen(source);
      else lost();
    };
  };
  open();
}
