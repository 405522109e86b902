import { useEffect } from 'preact/hooks';
import { groupChannels } from '../sidebar/channel-order.ts';
import { usePage, type Page } from './page.ts';

/** The order in which F6 goes around; see `data-region`. */
const REGIONS = ['places', 'messages', 'composer', 'side', 'thread-composer', 'tabs'];

/** Keys that work everywhere in the page. */
export function useKeys(): void {
  const page = usePage();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !handle(event, page)) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [page]);
}

function handle(event: KeyboardEvent, page: Page): boolean {
  const { ui, go } = page;
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  if (document.querySelector('dialog[open], [aria-modal="true"]') !== null) return false;
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') ui.update((state) => ({ ...state, dialog: 'switcher' }));
  else if (key === 'F6') aroundThePage(shiftKey ? -1 : 1);
  else if (altKey && (key === 'ArrowDown' || key === 'ArrowUp')) nextChannel(page, key === 'ArrowDown' ? 1 : -1);
  else if (key === '?' && !typing(event.target)) ui.update((state) => ({ ...state, dialog: 'keys' }));
  else if (key === 'Escape') {
    const { thread, panel } = ui.value.route;
    if (thread !== undefined) go({ thread: null });
    else if (panel !== undefined && document.activeElement?.closest('[data-region="side"]')) go({ panel: null });
    else return false;
    document.querySelector<HTMLElement>('[data-region="composer"] textarea')?.focus();
  } else return false;
  return true;
}

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);

function nextChannel({ client, ui, go }: Page, step: number): void {
  if (client.value === null) return;
  const { incidents, others, direct } = groupChannels(client.value.channels.values(), ui.value.me);
  const places = ['home', ...[...incidents, ...others, ...direct].map(({ id }) => id)];
  const at = places.indexOf(ui.value.route.place ?? '');
  const place = places[(at + step + places.length) % places.length];
  if (place !== undefined) go({ place });
}

function aroundThePage(step: number): void {
  const regions = REGIONS.flatMap((name) => {
    const region = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
    return region && region.offsetParent !== null ? [region] : [];
  });
  const at = regions.findLastIndex((region) => region.contains(document.activeElement));
  const region = regions[(at + step + regions.length) % regions.length];
  if (region) enter(region);
}

/** Focuses what a person would want first there. */
function enter(region: HTMLElement): void {
  const inside =
    region.querySelector<HTMLElement>(
      'textarea, [data-row][tabindex="0"], [aria-current="page"], [role="tab"][tabindex="0"]',
    ) ?? region.querySelector<HTMLElement>('button:not([disabled]), a[href], input');
  (inside ?? region).focus();
}
