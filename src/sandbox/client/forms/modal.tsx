// Placeholder: the forms bring their own.
import type { SlackView } from '../../slack/state.ts';
import type { Drawing } from '../blocks/drawing.ts';
import type { GestureAnswer } from '../../page/protocol.ts';

export interface ModalProps extends Pick<Drawing, 'users' | 'channels' | 'me' | 'busy' | 'press' | 'choose'> {
  openChannel?: Drawing['openChannel'];
  view: SlackView;
  submit: (values: Record<string, string | string[]>) => Promise<GestureAnswer>;
  close: () => void;
}

export const Modal = ({ view, close }: ModalProps) => (
  <div role="dialog" aria-modal="true" aria-label={view.callback_id} class="form-dialog">
    <p>{view.callback_id}</p>
    <button type="button" onClick={close}>
      Cancel
    </button>
  </div>
);
