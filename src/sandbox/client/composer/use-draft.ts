import { useState } from 'preact/hooks';
import { keep, recall } from '../state/stored.ts';

/** A text that outlives a reload and a look into another channel. */
export function useDraft(key: string): [string, (text: string) => void] {
  const name = `draft.${key}`;
  const [text, setText] = useState(() => {
    const kept = recall(sessionStorage, name);
    return typeof kept === 'string' ? kept : '';
  });
  return [
    text,
    (next) => {
      setText(next);
      if (next === '') sessionStorage.removeItem(`lifeboat.${name}`);
      else keep(sessionStorage, name, next);
    },
  ];
}
