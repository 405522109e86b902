import { post, type Doing } from '../state/act.ts';
import type { ClientState } from '../state/client-state.ts';
import { errorWords } from '../state/error-words.ts';
import { changeRoute, formatRoute, type Route, type RouteChange } from '../state/route.ts';
import { keep } from '../state/stored.ts';
import type { Store } from '../state/store.ts';
import { allowedPlace, followed, type UiState } from '../state/ui-state.ts';
import { flash } from '../channel/flash.ts';
import type { Page } from './page.ts';

/** Milliseconds that a toast stays. */
const TOAST_STAYS = 8000;

/** The deeds of the page, on its two stores. */
export function makePage(client: Store<ClientState | null>, ui: Store<UiState>): Page {
  let toasts = 0;
  const toast = (text: string) => {
    const id = ++toasts;
    ui.update((state) => ({ ...state, toasts: [...state.toasts.slice(-2), { id, text }] }));
    setTimeout(
      () => ui.update((state) => ({ ...state, toasts: state.toasts.filter((one) => one.id !== id) })),
      TOAST_STAYS,
    );
  };

  const actQuietly = (doing: Doing) => post({ ...doing, as: ui.value.me });
  const act = async (doing: Doing) => {
    const answer = await actQuietly(doing);
    if (!answer.ok && answer.errors === undefined) toast(errorWords(answer.error));
    return answer;
  };

  const go = (to: RouteChange) => {
    const { route, column } = ui.value;
    const next = changeRoute(route, to);
    ui.update((state) => ({ ...state, route: next, column: columnFor(to, column) }));
    const hash = formatRoute(next);
    if (location.hash !== hash) history.pushState(null, '', hash);
    settle(client, ui);
  };

  const jump = (channel: string, ts?: string) => {
    const message = client.value?.messages.get(channel)?.find((one) => one.ts === ts);
    const thread = message?.thread_ts;
    const reply = thread !== undefined && thread !== ts;
    const { route } = ui.value;
    if (ts !== undefined && route.place === channel && route.ts === ts) flash(ts);
    go({ place: channel, ...(ts === undefined ? {} : { ts }), ...(reply ? { thread } : {}) });
  };

  const actAs = (me: string) => {
    keep(sessionStorage, 'me', me);
    keep(localStorage, 'me', me);
    ui.update((state) => ({ ...state, me }));
    settle(client, ui);
  };
  return { client, ui, act, actQuietly, go, jump, actAs, toast };
}

/** Reads the address again: after Back, a typed address, or a link. */
export function followAddress(client: Store<ClientState | null>, ui: Store<UiState>): void {
  ui.update((state) => followed(state, location.hash));
  settle(client, ui);
}

/** Leaves a place that does not exist or is not this person's. */
export function settle(client: Store<ClientState | null>, ui: Store<UiState>): void {
  if (client.value === null) return;
  const { me, route } = ui.value;
  const place = allowedPlace(client.value, me, route.place);
  if (place === route.place) return;
  const next: Route = { place, ...(route.panel === undefined ? {} : { panel: route.panel }) };
  ui.update((state) => ({ ...state, route: next }));
  history.replaceState(null, '', formatRoute(next));
}

/** What a narrow screen turns to. */
function columnFor({ place, thread, panel }: RouteChange, column: UiState['column']): UiState['column'] {
  if (typeof thread === 'string' || typeof panel === 'string') return 'side';
  return place !== undefined || thread === null || panel === null ? 'main' : column;
}
