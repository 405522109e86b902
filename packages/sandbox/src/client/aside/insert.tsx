import type { JSX } from 'preact';
import { type Page, usePage } from '../app/page.ts';
import { writablePlace } from '../state/ui-state.ts';

/** Asks the composer to take a text (`lifeboat:insert` on the window, the text in `detail`); false if there is none. */
const insert = (text: string): boolean =>
  !window.dispatchEvent(new CustomEvent('lifeboat:insert', { detail: text, cancelable: true }));

/** Where nobody can write here, the text goes to a channel where this person can. */
function insertSomewhere(text: string, { client, ui, go, toast }: Page): void {
  if (insert(text)) return;
  const place = client.value && writablePlace(client.value, ui.value.me);
  if (place === null) return toast('Join a channel first: there is no box to write in.');
  go({ place });
  requestAnimationFrame(() => void insert(text)); // by then the channel is drawn
}

/** A command that goes into the composer when pressed; nothing is sent by that. */
export function Insertable({ text }: { text: string }) {
  const page = usePage();
  return (
    <button
      type="button"
      class="aside-command"
      title="Put it into the message box"
      aria-label={`Put ${text} into the message box`}
      onClick={() => insertSomewhere(text, page)}
    >
      {text}
    </button>
  );
}

/** Text in which commands (`/dr …`) between backticks can be inserted, and other words there are shown as code. */
export const WithCommands = ({ text }: { text: string }): JSX.Element => (
  <>
    {text.split('`').map((part, index, parts) => {
      // A full stop behind a command would stand alone in the next line, and looks like a part of the command.
      if (index % 2 === 0) return part === '.' && index === parts.length - 1 ? null : part;
      return part.startsWith('/') ? <Insertable key={index} text={part} /> : <code key={index}>{part}</code>;
    })}
  </>
);
