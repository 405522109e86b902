import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import type { Store } from '../state/store.ts';

/** What `select` picks out of a store; drawn again only when that becomes another value. */
export function useStore<T, S>(store: Store<T>, select: (value: T) => S): S {
  const [, redraw] = useReducer((count: number, _: number) => count + 1, 0);
  const seen = select(store.value);
  const last = useRef({ select, seen });
  last.current = { select, seen };
  useLayoutEffect(() => {
    const check = () => {
      if (!Object.is(last.current.select(store.value), last.current.seen)) redraw(0);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return seen;
}
