/** Paths on a field of 20 by 20, drawn as strokes. */
const PATHS = {
  hash: 'M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13M3 12.5h13',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  home: 'M3 9.5 10 3l7 6.5M5 8.5V17h10V8.5M8.5 17v-4.5h3V17',
  phones: 'M6 2.5h8v15H6zM9 15h2',
  inbox: 'M3 5h14v10H3zM3 5.5l7 5.5 7-5.5',
  status: 'M2.5 10h4l2-5.5 3 11 2-5.5h4',
  wire: 'M7 6 3 10l4 4M13 6l4 4-4 4M11.5 4.5l-3 11',
  estate: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.01M6 13.5h.01',
  tour: 'M5 17.5V3M5 3.5h10.5l-2.5 3.5 2.5 3.5H5',
  smile: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15M7 11.5c1.5 2.7 4.5 2.7 6 0M7.5 7.8h.01M12.5 7.8h.01',
  reply: 'M3 4h14v9.5H9L5.5 17v-3.5H3z',
  pin: 'M7 2.5h6l-.8 6 2.8 3H5l2.8-3zM10 11.5V17.5',
  more: 'M4 10h1M9.5 10h1M15 10h1',
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1',
  close: 'M5 5l10 10M15 5 5 15',
  send: 'M3 3.5 17.5 10 3 16.5l2-6.5zM5 10h5',
  plus: 'M10 4v12M4 10h12',
  people:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 16.5c0-6 10-6 10 0M13 9.5a2.5 2.5 0 1 0-1-5M14.5 11.5c2 .5 3 2.5 3 5',
  bookmark: 'M5.5 3h9v14.5L10 14l-4.5 3.5z',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M13 13l4 4',
  down: 'M5 7.5l5 5 5-5',
  right: 'M7.5 5l5 5-5 5',
  back: 'M12.5 4.5 7 10l5.5 5.5',
  list: 'M3 5h14M3 10h14M3 15h14',
  bolt: 'M11 2.5 4.5 11.5H9.5L9 17.5l6.5-9H10.5z',
  file: 'M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15',
  keys: 'M2.5 5h15v10h-15zM5.5 8h.01M8.5 8h.01M11.5 8h.01M14.5 8h.01M6 12h8',
  eye: 'M2.5 10c4-6.5 11-6.5 15 0-4 6.5-11 6.5-15 0M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it stands for is said by the text or the label beside it. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);

export const Lifebuoy = () => (
  <svg class="lifebuoy" viewBox="0 0 40 40" aria-hidden="true" focusable="false">
    <circle cx="20" cy="20" r="13" class="lifebuoy-ring" />
    <path
      class="lifebuoy-band"
      d="M9.2 12.2A13 13 0 0 1 12.2 9.2M27.8 9.2a13 13 0 0 1 3 3M30.8 27.8a13 13 0 0 1-3 3M12.2 30.8a13 13 0 0 1-3-3"
    />
  </svg>
);
