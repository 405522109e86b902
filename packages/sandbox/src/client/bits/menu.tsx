import type { ComponentChildren } from 'preact';
import { moveFocus } from './move-focus.ts';
import { Popover } from './popover.tsx';

export interface MenuItem {
  id: string;
  label: string;
  detail?: string;
  mark?: ComponentChildren;
  /** For a choice of one: whether it is this one. */
  checked?: boolean;
  pick: () => void;
}

interface MenuProps {
  anchor: HTMLElement;
  label: string;
  items: readonly MenuItem[];
  close: () => void;
}

export const Menu = ({ anchor, label, items, close }: MenuProps) => (
  <Popover anchor={anchor} label={label} role="menu" class="menu" close={close}>
    <div role="presentation" onKeyDown={(event) => moveFocus(event, '[role^="menuitem"]')}>
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          class="menu-item"
          role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={item.checked}
          data-first={item.checked}
          onClick={() => {
            close();
            item.pick();
          }}
        >
          {item.mark}
          <span class="menu-words">
            <span>{item.label}</span>
            {item.detail === undefined ? null : <small>{item.detail}</small>}
          </span>
        </button>
      ))}
    </div>
  </Popover>
);
