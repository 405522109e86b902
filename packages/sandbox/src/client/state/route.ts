export const PANELS = ['tour', 'phones', 'inbox', 'status', 'wire', 'estate'] as const;
export type PanelName = (typeof PANELS)[number];

/** Where the page is; kept in the address, so that a reload or a copied link comes back to it. */
export interface Route {
  /** A channel's id, `home`, or null for "wherever it was". */
  place: string | null;
  /** The message to show. */
  ts?: string;
  /** The thread that stands open, by its first message. */
  thread?: string;
  panel?: PanelName;
}

/** Where to go; null closes. */
export interface RouteChange {
  place?: string;
  ts?: string;
  thread?: string | null;
  panel?: PanelName | null;
}

/** A new place closes the thread, a panel takes the thread's room, and a message is shown only once. */
export function changeRoute(route: Route, to: RouteChange): Route {
  const place = to.place ?? route.place;
  const keepsThread = place === route.place && typeof to.panel !== 'string';
  const thread = to.thread === undefined ? (keepsThread ? route.thread : undefined) : to.thread;
  const panel = to.panel === undefined ? route.panel : to.panel;
  return {
    place,
    ...(to.ts === undefined ? {} : { ts: to.ts }),
    ...(thread === undefined || thread === null ? {} : { thread }),
    ...(panel === undefined || panel === null ? {} : { panel }),
  };
}

/** Reads `#/C123`, `#/C123/ts`, `#/home`, `#/panel/phones`, and `?thread=…&panel=…` behind each. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [first = '', second] = path.split('/').map(decode);
  const params = new URLSearchParams(query);
  const panel = panelName(first === 'panel' ? second : params.get('panel'));
  const thread = tsOf(params.get('thread'));
  const ts = first === 'panel' ? undefined : tsOf(second);
  return {
    place: first === 'panel' || first === '' ? null : first,
    ...(ts === undefined ? {} : { ts }),
    ...(thread === undefined ? {} : { thread }),
    ...(panel === undefined ? {} : { panel }),
  };
}

export function formatRoute({ place, ts, thread, panel }: Route): string {
  if (place === null) return panel === undefined ? '#/' : `#/panel/${panel}`;
  const params = new URLSearchParams({
    ...(thread === undefined ? {} : { thread }),
    ...(panel === undefined ? {} : { panel }),
  }).toString();
  const path = [place, ...(ts === undefined ? [] : [ts])].map(encodeURIComponent).join('/');
  return `#/${path}${params === '' ? '' : `?${params}`}`;
}

const panelName = (name: string | null | undefined): PanelName | undefined => PANELS.find((one) => one === name);

const tsOf = (text: string | null | undefined): string | undefined =>
  text !== null && text !== undefined && /^\d+\.\d+$/.test(text) ? text : undefined;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
