import { useEffect, useState } from 'preact/hooks';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import { IconButton } from '../bits/icon-button.tsx';
import { Home } from '../forms/home.tsx';
import { useDrawing } from '../message/use-drawing.ts';
import { useClient, useMe, usePage } from './page.ts';

/** Milliseconds that Lifeboat has to publish a Home before the page says that it did not. */
const PATIENCE = 4000;

/** Lifeboat's App Home for the acting person; opening it asks Lifeboat for a fresh one. */
export function HomePlace() {
  const { act, ui } = usePage();
  const me = useMe();
  const view = useClient(({ homes }) => homes.get(me));
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    void act({ do: 'open_home' });
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [me]);
  return (
    <>
      <header class="channel-header">
        <IconButton
          icon="back"
          label="Channels"
          class="narrow-only"
          onClick={() => ui.update((state) => ({ ...state, column: 'list' }))}
        />
        <div class="channel-title">
          <h1>
            Home <span class="app-badge">APP</span>
          </h1>
          <p class="topic">What Lifeboat shows to you alone</p>
        </div>
      </header>
      <div class="home-scroller" data-region="messages" tabIndex={-1}>
        {view ? (
          <HomeView key={me} view={view} me={me} />
        ) : (
          <p class="beginning" role="status">
            {late
              ? 'Lifeboat has not published a Home. It may be down, or it may not have one for you.'
              : 'Asking Lifeboat for your Home…'}
          </p>
        )}
      </div>
    </>
  );
}

function HomeView({ view, me }: { view: SlackView; me: string }) {
  const users = useClient((state) => state.users);
  const channels = useClient((state) => state.channels);
  const context = useDrawing({ view: view.id }, view.id, { users, channels }, me, false);
  return (
    <div class="home-view">
      <Home view={view} context={context} />
    </div>
  );
}
