import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { BREAKS, type Break, type ServiceTile } from '../../page/protocol.ts';
import type { Act } from './aside-state.ts';
import { useBusy } from './use-busy.ts';

const WAYS: Readonly<Record<Break, [name: string, what: string, now: string]>> = {
  kill: ['Kill it', 'Its process ends at once, as in a crash.', 'killed'],
  hang: ['Hang it', 'Connections are taken, and nothing is ever answered.', 'hangs'],
  slow: ['Slow it down', 'Each answer takes seconds.', 'slow'],
  errors: ['Make it fail', 'It runs, and answers with errors.', 'answers with errors'],
  refuse: ['Refuse connections', 'It runs, and its port is closed.', 'refuses connections'],
  corrupt: ['Corrupt its data', 'Its files no longer match their checksums.', 'data corrupted'],
};

interface Props {
  service: ServiceTile;
  act: Act;
  /** Stands beside the button. */
  children: ComponentChildren;
}

/** Ways to break a service, folded behind a button. Escape folds them again. */
export function BreakMenu({ service, act, children }: Props) {
  const [open, setOpen] = useState(false);
  const [busy, during] = useBusy();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const fold = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (how: Break) => () =>
    during(async () => {
      await act({ do: 'break', service: service.id, how });
      fold();
    });
  return (
    <div class="break" onKeyDown={(event) => open && event.key === 'Escape' && (event.stopPropagation(), fold())}>
      <button
        type="button"
        class="aside-button"
        ref={button}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Break<span class="aside-hidden"> {service.name}</span>
        <span aria-hidden="true"> {open ? '▴' : '▾'}</span>
      </button>
      {service.broken !== null && <span class="break-now">Broken: {WAYS[service.broken][2]}</span>}
      {children}
      <ul id={id} hidden={!open}>
        {BREAKS.map((how) => (
          <li key={how}>
            <button type="button" aria-disabled={busy} onClick={choose(how)}>
              <strong>{WAYS[how][0]}</strong> <span>{WAYS[how][1]}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
