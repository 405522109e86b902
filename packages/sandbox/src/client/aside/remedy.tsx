import { useState } from 'preact/hooks';
import { Insertable } from './insert.tsx';

/** The command that would bring a service back, to insert or to copy. */
export function Remedy({ command }: { command: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(command).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <p class="tile-remedy">
      <Insertable text={command} />
      <button
        type="button"
        class="aside-quiet"
        aria-label={`Copy ${command}`}
        onClick={copy}
        onBlur={() => setCopied(false)}
      >
        {copied ? 'Copied' : 'Copy'}
      </button>
    </p>
  );
}
