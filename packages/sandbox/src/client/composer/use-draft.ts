import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { Drafts } from './drafts.ts';

const drafts = new Drafts(sessionStorage);

export interface Draft {
  text: string;
  /** What stands in the box this moment, before it is drawn. */
  now: () => string;
  write: (text: string) => void;
  offer: (words: string) => void;
  begin: (words: string) => void;
  end: (words: string, taken: boolean) => void;
}

/** A text that outlives a reload and a look into another channel. */
export function useDraft(name: string): Draft {
  const [text, setText] = useState(() => drafts.read(name));
  useLayoutEffect(() => {
    setText(drafts.read(name));
    return drafts.watch(name, setText);
  }, [name]);
  const deeds = useMemo(
    () => ({
      now: () => drafts.read(name),
      write: (next: string) => drafts.write(name, next),
      offer: (words: string) => drafts.offer(name, words),
      begin: (words: string) => drafts.begin(name, words),
      end: (words: string, taken: boolean) => drafts.end(name, words, taken),
    }),
    [name],
  );
  return { text, ...deeds };
}
