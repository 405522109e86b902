import type { ClientState } from './client-state.ts';
import type { Reads } from './reads.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';
import { maySee, groupChannels } from '../sidebar/channel-order.ts';

export interface Toast {
  id: number;
  text: string;
}

/** What belongs to this page alone, not to the sandbox. */
export interface UiState {
  /** The acting person's user id. */
  readonly me: string;
  /** Its place is never null. */
  readonly route: Route;
  /** Which column a narrow screen shows. */
  readonly column: 'list' | 'main' | 'side';
  readonly reads: Reads;
  /** Ephemerals that the person put away. */
  readonly dismissed: ReadonlySet<string>;
  readonly toasts: readonly Toast[];
  readonly dialog: 'switcher' | 'keys' | null;
  /** The person put the tour's strip away; its panel stays. */
  readonly tourAway: boolean;
}

/** People that one can act as: everybody but bots and those who left. */
export const peopleOf = ({ users }: ClientState) =>
  [...users.values()].filter(({ is_bot, deleted }) => is_bot !== true && deleted !== true);

/** A channel in which a person may write: the newest incident, else #general, else the first that they are in. */
export function writablePlace({ channels }: ClientState, me: string): string | null {
  const { incidents, others } = groupChannels(channels.values(), me);
  const general = others.filter(({ name }) => name === 'general');
  return [...incidents, ...general, ...others].find(({ members }) => members.includes(me))?.id ?? null;
}

/** Where a person stands who came for the first time. */
const firstPlace = (state: ClientState, me: string): string =>
  writablePlace(state, me) ?? groupChannels(state.channels.values(), me).others[0]?.id ?? 'home';

/** The place, if it exists and the person may be there, else where that person would stand first. */
export function allowedPlace(state: ClientState, me: string, place: string | null): string {
  if (place === 'home') return place;
  const channel = state.channels.get(place ?? '');
  return channel && maySee(channel, me) ? channel.id : firstPlace(state, me);
}

/** Where an address leads from here; the same object if one is there already. */
export function followed(ui: UiState, hash: string): UiState {
  const { route, column } = ui;
  const asked = parseRoute(hash);
  const next = asked.place === null ? { ...route, ...asked, place: route.place } : asked;
  // Browsers tell of one move twice: with popstate, and with hashchange.
  if (formatRoute(next) === formatRoute(route)) return ui;
  const side = next.thread !== route.thread || next.panel !== route.panel;
  const moved = next.place !== route.place;
  const showsSide = side && (next.thread !== undefined || next.panel !== undefined);
  return { ...ui, route: next, column: showsSide ? 'side' : moved || column === 'side' ? 'main' : column };
}
