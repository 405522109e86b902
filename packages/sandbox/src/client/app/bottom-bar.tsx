import { Icon, type IconName } from '../bits/icon.tsx';
import { Menu } from '../bits/menu.tsx';
import { PopoverButton } from '../bits/popover-button.tsx';
import type { PanelName } from '../state/route.ts';
import type { UiState } from '../state/ui-state.ts';
import { usePage, useUi } from './page.ts';
import { PANEL_WORDS, PanelBadge } from './side-tabs.tsx';

const MORE: readonly PanelName[] = ['tour', 'inbox', 'status', 'wire'];

/** On a narrow screen: which column is shown. */
export function BottomBar() {
  const { ui, go } = usePage();
  const column = useUi((state) => state.column);
  const panel = useUi(({ route }) => (route.thread === undefined ? route.panel : undefined));
  const turn = (to: UiState['column']) => ui.update((state) => ({ ...state, column: to }));
  const inMore = column === 'side' && MORE.some((name) => name === panel);
  return (
    <nav class="bottom-bar" aria-label="Parts of the page">
      <Tab icon="list" label="Channels" here={column === 'list'} press={() => turn('list')} />
      <Tab icon="reply" label="Chat" here={column === 'main'} press={() => turn('main')} />
      {(['phones', 'estate'] as const).map((name) => (
        <Tab
          key={name}
          icon={name}
          label={PANEL_WORDS[name]}
          here={column === 'side' && panel === name}
          press={() => go({ panel: name })}
          badge={name}
        />
      ))}
      <PopoverButton
        class={`bottom-tab${inMore ? ' bottom-here' : ''}`}
        popup="menu"
        title="More"
        open={(anchor, close) => (
          <Menu
            anchor={anchor}
            label="More"
            close={close}
            items={MORE.map((name) => ({
              id: name,
              label: PANEL_WORDS[name],
              mark: <Icon name={name} />,
              pick: () => go({ panel: name }),
            }))}
          />
        )}
      >
        <Icon name="more" />
        <span>More</span>
      </PopoverButton>
    </nav>
  );
}

interface TabProps {
  icon: IconName;
  label: string;
  here: boolean;
  press: () => void;
  badge?: PanelName;
}

const Tab = ({ icon, label, here, press, badge }: TabProps) => (
  <button
    type="button"
    class={`bottom-tab${here ? ' bottom-here' : ''}`}
    aria-current={here ? 'true' : undefined}
    onClick={press}
  >
    <Icon name={icon} />
    <span>{label}</span>
    {badge === undefined ? null : <PanelBadge name={badge} />}
  </button>
);
