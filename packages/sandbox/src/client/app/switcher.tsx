import { useState } from 'preact/hooks';
import { Dialog } from '../bits/dialog.tsx';
import { Icon } from '../bits/icon.tsx';
import { useClient, useMe, usePage } from './page.ts';
import { switcherItems, type SwitcherItem } from './switcher-items.ts';

const ICONS = { place: 'hash', panel: 'right', person: 'people' } as const;

/** Finds a place by its name. */
export function Switcher({ close }: { close: () => void }) {
  const { go, actAs } = usePage();
  const me = useMe();
  const state = useClient((all) => all);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const items = switcherItems(state, me, typed);
  const take = (item: SwitcherItem | undefined) => {
    if (item === undefined) return;
    close();
    if (item.kind === 'person') actAs(item.id);
    else if (item.kind === 'panel') go({ panel: item.panel });
    else go({ place: item.id });
  };
  return (
    <Dialog label="Go to" class="switcher" close={close}>
      <input
        class="field"
        role="combobox"
        aria-label="Go to a channel, person or panel"
        aria-autocomplete="list"
        aria-expanded={items.length > 0}
        aria-controls="switcher-list"
        aria-activedescendant={items.length === 0 ? undefined : `switch-${active}`}
        placeholder="Go to a channel, a person or a panel"
        value={typed}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step !== undefined && items.length > 0) {
            event.preventDefault();
            setActive((active + step + items.length) % items.length);
          } else if (event.key === 'Enter') take(items[active]);
        }}
      />
      <ul id="switcher-list" role="listbox" aria-label="Places">
        {items.map((item, at) => (
          <li
            key={item.id}
            id={`switch-${at}`}
            role="option"
            class="suggestion"
            aria-selected={at === active}
            onClick={() => take(item)}
          >
            <Icon name={ICONS[item.kind]} />
            <span class="suggestion-label">{item.label}</span>
            <span class="soft clip">{item.detail}</span>
          </li>
        ))}
      </ul>
      {items.length === 0 ? <p class="soft">Nothing is called "{typed}".</p> : null}
    </Dialog>
  );
}
