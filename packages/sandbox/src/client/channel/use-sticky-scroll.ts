import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Pixels from the bottom that still count as being there. */
const NEAR = 40;

/** Keeps a list at its bottom while the reader is there; else says that something new lies below. */
export function useStickyScroll(lastTs: string, startAt: () => HTMLElement | null) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  const seen = useRef(lastTs);
  const [below, setBelow] = useState(false);
  const [reached, setReached] = useState(false);

  const toBottom = () => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  const look = () => {
    const element = scroller.current;
    if (!element) return;
    atBottom.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    setReached(atBottom.current);
    if (atBottom.current) setBelow(false);
  };

  useLayoutEffect(() => {
    const target = startAt();
    if (target) target.scrollIntoView({ block: 'center' });
    else toBottom();
    look();
  }, []);

  // Cards are edited and pictures load: whoever reads the end shall go on reading the end.
  useLayoutEffect(() => {
    if (!content.current || !scroller.current) return;
    const observer = new ResizeObserver(() => {
      if (atBottom.current) toBottom();
    });
    observer.observe(content.current);
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    // When the last row is deleted or put away, an older one becomes the last: that is nothing new.
    if (lastTs <= seen.current) return;
    seen.current = lastTs;
    if (atBottom.current) toBottom();
    else setBelow(true);
  }, [lastTs]);

  return { scroller, content, atBottom, below, reached, onScroll: look, toBottom };
}
