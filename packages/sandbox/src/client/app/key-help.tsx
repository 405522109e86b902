import { Dialog } from '../bits/dialog.tsx';
import { IconButton } from '../bits/icon-button.tsx';

const KEYS: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'Go to a channel, a panel, or act as somebody'],
  ['Alt ↑ ↓', 'The channel above or below'],
  ['F6', 'The next part of the page; with Shift the one before'],
  ['↑ ↓', 'Through channels, or through messages when one has the focus'],
  ['Tab', 'From a message to what can be done with it'],
  ['/dr', 'A command, with what can follow it'],
  ['@  :', 'A person, an emoji'],
  ['Enter', 'Send; with Shift a new line'],
  ['Esc', 'Close the thread, a panel or a list'],
  ['?', 'These keys'],
];

export const KeyHelp = ({ close }: { close: () => void }) => (
  <Dialog label="Keyboard" class="key-help" close={close}>
    <header class="side-header">
      <h2>Keyboard</h2>
      <IconButton icon="close" label="Close" onClick={close} />
    </header>
    <dl>
      {KEYS.map(([keys, words]) => (
        <div key={keys}>
          <dt>
            <kbd>{keys}</kbd>
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
);
