import type { ComponentChildren } from 'preact';
import type { TourPlace } from '../../page/protocol.ts';
import { useClient, useMe, usePage, useUi } from '../app/page.ts';
import { groupChannels } from '../sidebar/channel-order.ts';

/** Leads to where a step of the tour is done; nothing where there is no such place yet, or one is there already. */
export function TourLink({ to }: { to: TourPlace }) {
  const { go, actAs } = usePage();
  const me = useMe();
  const { place, panel: open, thread } = useUi(({ route }) => route);
  const channels = useClient((state) => state.channels);
  const users = useClient((state) => state.users);
  if ('panel' in to) {
    const { panel } = to;
    if (panel === open && thread === undefined) return null;
    return <Leads press={() => go({ panel })}>{panel === 'estate' ? 'Open Estate' : 'Open Phones'}</Leads>;
  }
  if ('actAs' in to) {
    const name = users.get(to.actAs)?.real_name;
    return name === undefined || me === to.actAs ? null : <Leads press={() => actAs(to.actAs)}>Act as {name}</Leads>;
  }
  const { incidents, others } = groupChannels(channels.values(), me);
  const channel = to.channel === 'incident' ? incidents[0] : others.find(({ name }) => name === 'general');
  return channel === undefined || channel.id === place ? null : (
    <Leads press={() => go({ place: channel.id })}>Go to #{channel.name}</Leads>
  );
}

const Leads = ({ press, children }: { press: () => void; children: ComponentChildren }) => (
  <button type="button" class="aside-button tour-go" onClick={press}>
    {children}
  </button>
);
