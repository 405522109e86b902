import type { VNode } from 'preact';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import type { Drawing } from '../blocks/drawing.ts';
import { MessageBlocks } from '../blocks/message-blocks.tsx';

/** App Home: what the bot shows one person on its own page. */
export function Home({ view, context }: { view: SlackView | undefined; context: Drawing }): VNode {
  return (
    <section class="form-home" aria-label="App Home">
      {view === undefined || view.blocks.length === 0 ? (
        <p class="form-home-empty">Nothing here yet. The app fills this page when you open it.</p>
      ) : (
        <MessageBlocks blocks={view.blocks} context={context} />
      )}
    </section>
  );
}
