import type { ClientState } from '../state/client-state.ts';
import { PANELS, type PanelName } from '../state/route.ts';
import { peopleOf } from '../state/ui-state.ts';
import { groupChannels } from '../sidebar/channel-order.ts';

export type SwitcherItem = { id: string; label: string; detail: string } & (
  { kind: 'place' } | { kind: 'panel'; panel: PanelName } | { kind: 'person' }
);

/** How many are shown. */
const MOST = 12;

/** All one can go to from the switcher, the best fits first. */
export function switcherItems(state: ClientState, me: string, typed: string): SwitcherItem[] {
  const { incidents, others, direct, archived } = groupChannels(state.channels.values(), me);
  const all: SwitcherItem[] = [
    ...[...incidents, ...others].map(({ id, name, topic }) => ({
      kind: 'place' as const,
      id,
      label: `#${name}`,
      detail: topic,
    })),
    ...direct.map(({ id }) => ({ kind: 'place' as const, id, label: 'Lifeboat', detail: 'Direct messages' })),
    { kind: 'place', id: 'home', label: 'Home', detail: 'What Lifeboat shows to you' },
    ...PANELS.map((panel) => ({
      kind: 'panel' as const,
      panel,
      id: `panel-${panel}`,
      label: panel.charAt(0).toUpperCase() + panel.slice(1),
      detail: 'Panel',
    })),
    ...peopleOf(state)
      .filter(({ id }) => id !== me)
      .map(({ id, name, real_name }) => ({
        kind: 'person' as const,
        id,
        label: `Act as ${real_name}`,
        detail: `@${name}`,
      })),
    ...archived.map(({ id, name }) => ({ kind: 'place' as const, id, label: `#${name}`, detail: 'Archived' })),
  ];
  const words = typed.toLowerCase().replace(/^[#@]/, '').trim();
  const score = ({ label, detail }: SwitcherItem): number => {
    const name = label.toLowerCase().replace(/^#|^act as /, '');
    if (name.startsWith(words)) return 0;
    if (name.includes(words)) return 1;
    return detail.toLowerCase().includes(words) ? 2 : 3;
  };
  return all
    .filter((item) => score(item) < 3)
    .toSorted((one, other) => score(one) - score(other))
    .slice(0, MOST);
}
