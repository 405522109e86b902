import type { JSX } from 'preact';

/** Asks the composer to take a text; whoever listens for `lifeboat:insert` on the window finds it in `detail`. */
const insert = (text: string): void => {
  window.dispatchEvent(new CustomEvent('lifeboat:insert', { detail: text }));
};

/** A command that goes into the composer when pressed; nothing is sent by that. */
export const Insertable = ({ text }: { text: string }) => (
  <button
    type="button"
    class="aside-command"
    title="Put it into the message box"
    aria-label={`Put ${text} into the message box`}
    onClick={() => insert(text)}
  >
    {text}
  </button>
);

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
