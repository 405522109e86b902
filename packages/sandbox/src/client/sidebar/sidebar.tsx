import { useMemo } from 'preact/hooks';
import type { SlackChannel } from '@lifeboat/stand-ins/slack/state';
import { useClient, useMe, usePage, useUi } from '../app/page.ts';
import { Icon, Lifebuoy } from '../bits/icon.tsx';
import { moveFocus } from '../bits/move-focus.ts';
import { IconButton } from '../bits/icon-button.tsx';
import { formatRoute } from '../state/route.ts';
import { ActAs } from './act-as.tsx';
import { ChannelLink } from './channel-link.tsx';
import { groupChannels } from './channel-order.ts';

/** The left side: who one is, and all the places. */
export function Sidebar() {
  const { ui, go } = usePage();
  const team = useClient((state) => state.team.name);
  const speed = useClient((state) => state.speed);
  const channels = useClient((state) => state.channels);
  const me = useMe();
  const atHome = useUi(({ route }) => route.place === 'home');
  const groups = useMemo(() => groupChannels(channels.values(), me), [channels, me]);
  return (
    <div class="sidebar">
      <div class="workspace">
        <Lifebuoy />
        <span class="workspace-name clip">{team}</span>
        {speed === 1 ? null : (
          <span class="speed" title={`What people wait for runs ${speed} times faster than life`}>
            {speed}x
          </span>
        )}
        <IconButton
          icon="search"
          label="Go to a channel, person or panel (Ctrl+K)"
          onClick={() => ui.update((state) => ({ ...state, dialog: 'switcher' }))}
        />
      </div>
      <ActAs />
      <nav
        class="places"
        aria-label="Channels and messages"
        data-region="places"
        onKeyDown={(event) => moveFocus(event, 'a, summary')}
      >
        <a
          class="place"
          href={formatRoute({ place: 'home' })}
          aria-current={atHome ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            go({ place: 'home' });
          }}
        >
          <Icon name="home" />
          <span class="clip">Home</span>
        </a>
        <Group title="Incidents" channels={groups.incidents} empty="No incident is open" />
        <Group title="Channels" channels={groups.others} />
        <Group title="Direct messages" channels={groups.direct} empty="Lifeboat has not written to you" />
        {groups.archived.length === 0 ? null : (
          <details class="archived">
            <summary>Archived ({groups.archived.length})</summary>
            <List channels={groups.archived} label="Archived" />
          </details>
        )}
      </nav>
      <footer class="sidebar-foot">
        <button type="button" class="text-button" onClick={() => ui.update((state) => ({ ...state, dialog: 'keys' }))}>
          <Icon name="keys" /> Keyboard
        </button>
      </footer>
    </div>
  );
}

interface GroupProps {
  title: string;
  channels: readonly SlackChannel[];
  /** What stands there while there are none. */
  empty?: string;
}

const Group = ({ title, channels, empty }: GroupProps) =>
  channels.length === 0 && empty === undefined ? null : (
    <section class="place-group" aria-label={title}>
      <h2>{title}</h2>
      {channels.length === 0 ? <p class="place-none">{empty}</p> : <List channels={channels} label={title} />}
    </section>
  );

const List = ({ channels, label }: { channels: readonly SlackChannel[]; label: string }) => (
  <ul aria-label={label}>
    {channels.map((channel) => (
      <li key={channel.id}>
        <ChannelLink channel={channel} />
      </li>
    ))}
  </ul>
);
