import { useState } from 'preact/hooks';

/** Keeps a button from being pressed again while what it does is under way. */
export function useBusy(): [busy: boolean, during: (work: () => Promise<unknown>) => void] {
  const [busy, setBusy] = useState(false);
  return [
    busy,
    (work) => {
      if (busy) return;
      setBusy(true);
      void work().finally(() => setBusy(false));
    },
  ];
}
