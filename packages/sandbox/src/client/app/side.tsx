import { useClient, useMe, usePage, useUi } from './page.ts';
import { Panel } from '../aside/panels.tsx';
import { IconButton } from '../bits/icon-button.tsx';
import { Thread } from '../thread/thread.tsx';
import { PANEL_WORDS } from './side-tabs.tsx';
import { TourStrip } from './tour-strip.tsx';

/** The right side: an open thread, else the chosen panel. */
export function Side() {
  const place = useUi(({ route }) => route.place);
  const thread = useUi(({ route }) => route.thread);
  const channel = useClient(({ channels }) => channels.get(place ?? ''));
  const me = useMe();
  if (thread !== undefined && channel) return <Thread key={`${me}/${thread}`} channel={channel} ts={thread} />;
  return <PanelSide />;
}

function PanelSide() {
  const { act, go } = usePage();
  const panel = useUi(({ route }) => route.panel);
  const state = useClient((all) => all);
  if (panel === undefined) return null;
  return (
    <section
      class="panel-side"
      role="tabpanel"
      id={`panel-${panel}`}
      aria-labelledby={`tab-${panel}`}
      data-region="side"
      tabIndex={-1}
    >
      <header class="side-header">
        <h2>{PANEL_WORDS[panel]}</h2>
        <IconButton icon="close" label="Close panel" onClick={() => go({ panel: null })} />
      </header>
      <TourStrip where="side" />
      <div class="panel-body">
        <Panel key={panel} name={panel} state={state} act={act} />
      </div>
    </section>
  );
}
