import { Channel } from '../channel/channel.tsx';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { HomePlace } from './home-place.tsx';
import { KeyHelp } from './key-help.tsx';
import { OpenForm } from './open-form.tsx';
import { useClient, usePage, useUi } from './page.ts';
import { SideTabs } from './side-tabs.tsx';
import { Side } from './side.tsx';
import { Switcher } from './switcher.tsx';
import { Toasts } from './toasts.tsx';
import { TourStrip } from './tour-strip.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { useKeys } from './use-keys.ts';
import { useTitle } from './use-title.ts';

/** The whole page, once there is something to show. */
export function App() {
  useKeys();
  useTitle();
  useKeptFocus();
  const column = useUi((ui) => ui.column);
  const place = useUi(({ route }) => route.place) ?? 'home';
  const side = useUi(({ route }) => route.thread !== undefined || route.panel !== undefined);
  return (
    <div class={`app${side ? ' app-side' : ''}`} data-column={column}>
      <SkipLinks />
      <Connection />
      <aside class="column-list" aria-label="Workspace">
        <Sidebar />
      </aside>
      <main class="column-main" aria-label="Conversation">
        <TourStrip where="main" />
        {place === 'home' ? <HomePlace /> : <Channel id={place} />}
      </main>
      <aside class="column-side" aria-label="Beside the conversation">
        <Side />
      </aside>
      <nav class="column-tabs" aria-label="Panels">
        <SideTabs />
      </nav>
      <BottomBar />
      <OpenForm />
      <Windows />
      <Toasts />
    </div>
  );
}

const SKIPS = [
  ['places', 'Skip to channels'],
  ['messages', 'Skip to messages'],
  ['composer', 'Skip to writing'],
  ['tabs', 'Skip to panels'],
] as const;

const SkipLinks = () => (
  <nav class="skips" aria-label="Skip to">
    {SKIPS.map(([region, words]) => (
      <button
        key={region}
        type="button"
        class="skip"
        onClick={() => {
          const target = document.querySelector(`[data-region="${region}"]`);
          target
            ?.querySelector<HTMLElement>(
              'textarea, [data-row][tabindex="0"], [aria-current="page"], [tabindex="0"], a[href], button',
            )
            ?.focus();
        }}
      >
        {words}
      </button>
    ))}
  </nav>
);

function Connection() {
  const connection = useClient((state) => state.connection);
  return (
    <div class="connection" role="status">
      {connection === 'lost' ? <span>Connection lost, trying again. What you see may be old.</span> : null}
    </div>
  );
}

function Windows() {
  const { ui } = usePage();
  const dialog = useUi((state) => state.dialog);
  const close = () => ui.update((state) => ({ ...state, dialog: null }));
  if (dialog === 'switcher') return <Switcher close={close} />;
  return dialog === 'keys' ? <KeyHelp close={close} /> : null;
}
