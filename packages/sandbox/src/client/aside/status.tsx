import { useEffect, useRef } from 'preact/hooks';
import type { AsideState } from './aside-state.ts';

/** How often the page looks again while much happens, in ms. */
const LOOK_MS = 2000;

/** The page that customers see, which looks again soon after something happened. */
export function Status({ state }: { state: AsideState }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const timer = useRef<number | null>(null);
  useEffect(() => () => window.clearTimeout(timer.current ?? undefined), []);
  useEffect(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = null;
      lookAgain(frame.current);
    }, LOOK_MS);
  }, [state.phones, state.messages, state.tour]);
  return (
    <div class="aside status">
      <p class="aside-lead">
        This is what customers see, without anybody’s consent: which services have trouble and since when, taken from
        open incidents. Titles, updates and names never stand here.{' '}
        <a href="/status" target="_blank" rel="noreferrer">
          Open it alone<span class="aside-hidden"> in a new tab</span>
        </a>
      </p>
      <iframe ref={frame} class="status-frame" src="/status" title="Status page" />
    </div>
  );
}

/** The status page listens for this event; a frame that shows no page of ours is loaded anew. */
function lookAgain(frame: HTMLIFrameElement | null): void {
  if (!frame) return;
  try {
    const there = frame.contentDocument?.querySelector('#stale');
    if (!there) throw new Error('not the status page');
    frame.contentWindow?.dispatchEvent(new Event('lifeboat:look'));
  } catch {
    frame.src = '/status';
  }
}
