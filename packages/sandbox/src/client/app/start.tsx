import { render } from 'preact';
import type { ClientState } from '../state/client-state.ts';
import { connect } from '../state/connect.ts';
import type { Reads } from '../state/reads.ts';
import { parseRoute } from '../state/route.ts';
import { keep, recall } from '../state/stored.ts';
import { Store } from '../state/store.ts';
import { peopleOf, type UiState } from '../state/ui-state.ts';
import { App } from './app.tsx';
import { followAddress, makePage, settle } from './make-page.ts';
import { PageContext, type Page } from './page.ts';
import { useStore } from './use-store.ts';
import { Lifebuoy } from '../bits/icon.tsx';

/** Draws the page and keeps it like the sandbox. */
export function start(root: HTMLElement): void {
  const client = new Store<ClientState | null>(null);
  const ui = new Store<UiState>(firstUi());
  client.subscribe(() => {
    if (client.value !== null) greet(client.value, ui);
    settle(client, ui);
  });
  ui.subscribe(() => keepReads(ui.value.reads));
  const follow = () => followAddress(client, ui);
  window.addEventListener('hashchange', follow);
  window.addEventListener('popstate', follow);
  render(<Root page={makePage(client, ui)} />, root);
  connect(client);
}

function Root({ page }: { page: Page }) {
  const ready = useStore(page.client, (state) => state !== null);
  if (!ready) {
    return (
      <div class="splash" role="status">
        <Lifebuoy />
        <p>Waiting for the sandbox…</p>
      </div>
    );
  }
  return (
    <PageContext.Provider value={page}>
      <App />
    </PageContext.Provider>
  );
}

function firstUi(): UiState {
  const me = recall(sessionStorage, 'me') ?? recall(localStorage, 'me');
  const dismissed = recall(sessionStorage, 'dismissed');
  const route = parseRoute(location.hash);
  // Another window may act as somebody else later; this one stays who it is.
  if (typeof me === 'string') keep(sessionStorage, 'me', me);
  return {
    me: typeof me === 'string' ? me : '',
    route: location.hash.length > 2 ? route : { ...route, panel: 'tour' },
    column: (route.panel ?? route.thread) === undefined ? 'main' : 'side',
    reads: readsFrom(recall(localStorage, 'reads')),
    dismissed: new Set(Array.isArray(dismissed) ? dismissed.map(String) : []),
    toasts: [],
    dialog: null,
    tourAway: false,
  };
}

/** Finds a person to act as, and takes what was there before the first visit as read. */
function greet(state: ClientState, ui: Store<UiState>): void {
  const { me, reads } = ui.value;
  const people = peopleOf(state);
  const known = people.some(({ id }) => id === me);
  if (known && reads.baseline !== '') return;
  const latest =
    [...state.messages.values()]
      .map((list) => list.at(-1)?.ts ?? '')
      .sort()
      .at(-1) ?? '';
  const baseline = reads.baseline === '' ? latest || '0' : reads.baseline;
  const person = known ? me : (people[0]?.id ?? '');
  if (person !== '') keep(sessionStorage, 'me', person);
  ui.update((old) => ({ ...old, me: person, reads: { ...old.reads, baseline } }));
}

let kept: Reads | null = null;

function keepReads(reads: Reads): void {
  if (reads === kept) return;
  kept = reads;
  keep(localStorage, 'reads', reads);
}

function readsFrom(value: unknown): Reads {
  if (typeof value !== 'object' || value === null || !('baseline' in value) || !('upTo' in value))
    return { baseline: '', upTo: {} };
  const { baseline, upTo } = value;
  const marks = typeof upTo === 'object' && upTo !== null ? Object.entries(upTo) : [];
  return {
    baseline: typeof baseline === 'string' ? baseline : '',
    upTo: Object.fromEntries(marks.filter((mark): mark is [string, string] => typeof mark[1] === 'string')),
  };
}
