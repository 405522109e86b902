import { readMail } from '../aside/read-mail.ts';
import { Icon } from '../bits/icon.tsx';
import { moveFocus } from '../bits/move-focus.ts';
import { PANELS, type PanelName } from '../state/route.ts';
import { useClient, usePage, useUi } from './page.ts';
import { countsOf } from './panel-counts.ts';
import { useStore } from './use-store.ts';

export const PANEL_WORDS: Readonly<Record<PanelName, string>> = {
  tour: 'Tour',
  phones: 'Phones',
  inbox: 'Inbox',
  status: 'Status',
  wire: 'Wire',
  estate: 'Estate',
};

/** The tabs at the right edge: what lies around the workspace, each with what asks for attention. */
export function SideTabs() {
  const { go } = usePage();
  const open = useUi(({ route }) => (route.thread === undefined ? route.panel : undefined));
  const under = useUi(({ route }) => route.panel);
  const reachable = open ?? under ?? 'tour';
  return (
    <div
      class="side-tabs"
      role="tablist"
      aria-label="Around the workspace"
      aria-orientation="vertical"
      data-region="tabs"
      onKeyDown={(event) => moveFocus(event, '[role="tab"]')}
    >
      {PANELS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="side-tab"
          id={`tab-${name}`}
          aria-selected={name === open}
          aria-controls={name === open ? `panel-${name}` : undefined}
          tabIndex={name === reachable ? 0 : -1}
          onClick={() => go({ panel: name === open ? null : name })}
        >
          <Icon name={name} />
          <span>{PANEL_WORDS[name]}</span>
          <PanelBadge name={name} />
        </button>
      ))}
    </div>
  );
}

/** How many things of a panel ask for attention; nothing where none does. */
export function PanelBadge({ name }: { name: PanelName }) {
  const read = useStore(readMail, (ids) => ids);
  const count = useClient((state) => countsOf(state, read)[name].count);
  const words = useClient((state) => countsOf(state, read)[name].words);
  const alarm = name === 'phones' || name === 'estate' || name === 'status';
  return count === 0 ? null : (
    <span class={`badge${alarm ? '' : ' badge-calm'}`}>
      {count}
      <span class="unseen"> {words}</span>
    </span>
  );
}
