// Placeholder: the forms bring their own.
import type { SlackView } from '../../slack/state.ts';
import { MessageBlocks } from '../blocks/message-blocks.tsx';
import type { Drawing } from '../blocks/drawing.ts';

export const Home = ({ view, context }: { view: SlackView; context: Drawing }) => (
  <MessageBlocks blocks={view.blocks} context={context} />
);
