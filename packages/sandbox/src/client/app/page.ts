import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { GestureAnswer } from '../../page/protocol.ts';
import type { Doing } from '../state/act.ts';
import type { ClientState } from '../state/client-state.ts';
import type { RouteChange } from '../state/route.ts';
import type { Store } from '../state/store.ts';
import type { UiState } from '../state/ui-state.ts';
import { useStore } from './use-store.ts';

/** What every part of the page may use. The functions never change. */
export interface Page {
  client: Store<ClientState | null>;
  ui: Store<UiState>;
  /** As the acting person; a failure is said in a toast. */
  act: (doing: Doing) => Promise<GestureAnswer>;
  /** The same, where the caller says the failure itself. */
  actQuietly: (doing: Doing) => Promise<GestureAnswer>;
  /** Changes what is named and keeps the rest; a new place closes the thread. */
  go: (to: RouteChange) => void;
  /** Shows a message, in its thread if it is a reply. */
  jump: (channel: string, ts?: string) => void;
  actAs: (user: string) => void;
  toast: (text: string) => void;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('This part was drawn outside of the page.');
  return page;
}

/** For parts that are drawn once there is a snapshot. */
export function useClient<S>(select: (state: ClientState) => S): S {
  return useStore(usePage().client, (state) => {
    if (state === null) throw new Error('This part was drawn before there was a snapshot.');
    return select(state);
  });
}

export function useUi<S>(select: (ui: UiState) => S): S {
  return useStore(usePage().ui, select);
}

export const useMe = (): string => useUi(({ me }) => me);
