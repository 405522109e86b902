import type { VNode } from 'preact';

/* Emoji as small drawings in a square of 20. */

const circle = (fill: string, rim: string): VNode => (
  <circle cx="10" cy="10" r="8.4" fill={fill} stroke={rim} stroke-width=".8" />
);
const tile = (fill: string, mark: VNode): VNode => (
  <g>
    <rect x="1" y="1" width="18" height="18" rx="3.5" fill={fill} />
    {mark}
  </g>
);
const stroke = { fill: 'none', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' } as const;
const SKIN = { fill: '#fbc53d', stroke: '#c98a12', 'stroke-width': 0.7, 'stroke-linejoin': 'round' } as const;

const thumb = (
  <path
    {...SKIN}
    d="M7 9.2 10.3 3c.3-.9.7-1.6 1.5-1.6 1.4 0 1.9 1.3 1.6 2.6l-.8 3.4h4c1 0 1.7.8 1.5 1.8l-1.3 6.6c-.2 1-1 1.7-2 1.7H9.5L7 16.6zM2.2 9h3.6v8.2H2.2z"
  />
);
const hand = (
  <path
    {...SKIN}
    d="M5.2 11.5V5.1a1.2 1.2 0 0 1 2.4 0V3a1.2 1.2 0 0 1 2.4 0v-.6a1.2 1.2 0 0 1 2.4 0v1a1.2 1.2 0 0 1 2.4 0v8.1l1-1.7c.8-1.2 2.4-.4 1.9 1l-2.2 5c-.9 2-2.4 2.9-4.6 2.9-3.5 0-5.7-2.2-5.7-5.4zM7.6 5v4.5M10 3v6.3M12.4 3.4v6.1"
  />
);
const check = (color: string): VNode => (
  <path {...stroke} d="m5 10.5 3.5 3.6L15.2 6" stroke={color} stroke-width="2.6" />
);
const cross = (color: string): VNode => (
  <path {...stroke} d="m4.5 4.5 11 11m0-11-11 11" stroke={color} stroke-width="3.2" />
);

const drawings: Record<string, VNode> = {
  red_circle: circle('#dd2e44', '#b7202f'),
  large_orange_circle: circle('#f4900c', '#cf7606'),
  large_yellow_circle: circle('#fdcb58', '#dca52a'),
  large_green_circle: circle('#78b159', '#5b9140'),
  large_blue_circle: circle('#3b88c3', '#2a6c9f'),
  white_circle: circle('#f1f3f5', '#aeb6bd'),
  warning: (
    <g>
      <path
        d="M10 1.6c.7 0 1.2.3 1.6 1l7.3 13.2c.7 1.3-.1 2.6-1.5 2.6H2.6c-1.4 0-2.2-1.3-1.5-2.6L8.4 2.6c.4-.7.9-1 1.6-1z"
        fill="#ffcc4d"
        stroke="#d9a21b"
        stroke-width=".6"
      />
      <path {...stroke} d="M10 7v5.2" stroke="#231f20" stroke-width="2.2" />
      <circle cx="10" cy="15.4" r="1.3" fill="#231f20" />
    </g>
  ),
  white_check_mark: tile('#3fa65a', check('#fff')),
  heavy_check_mark: check('#31373d'),
  x: cross('#dd2e44'),
  rotating_light: (
    <g>
      <path d="M4.5 13V9.5a5.5 5.5 0 0 1 11 0V13z" fill="#dd2e44" />
      <path {...stroke} d="M7.3 11.5v-2A2.7 2.7 0 0 1 9.5 6.8" stroke="#f6a5ae" stroke-width="1.4" />
      <rect x="2.5" y="13" width="15" height="5" rx="1.5" fill="#55606a" />
      <path
        {...stroke}
        d="M10 .9v1.6M3.3 3.2l1.2 1.2M16.7 3.2l-1.2 1.2M.9 8.6h1.5M17.6 8.6h1.5"
        stroke="#f4900c"
        stroke-width="1.3"
      />
    </g>
  ),
  no_entry: (
    <g>
      {circle('#dd2e44', '#b7202f')}
      <rect x="4.6" y="8.3" width="10.8" height="3.4" rx=".8" fill="#fff" />
    </g>
  ),
  octagonal_sign: (
    <g>
      <path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" fill="#dd2e44" />
      <rect x="4.6" y="8.4" width="10.8" height="3.2" rx=".8" fill="#fff" />
    </g>
  ),
  construction: (
    <g>
      <path d="M3.5 11h2v7h-2zM14.5 11h2v7h-2z" fill="#8a949c" />
      <rect x="1" y="4" width="18" height="7.5" rx="1.2" fill="#ffcc4d" />
      <path d="M2.5 11.5 6 4h3l-3.5 7.5zM8.5 11.5 12 4h3l-3.5 7.5zM14.5 11.5 18 4h1v3l-2 4.5z" fill="#292f33" />
    </g>
  ),
  information_source: tile(
    '#3b88c3',
    <g fill="#fff">
      <circle cx="10" cy="5.4" r="1.5" />
      <path d="M7.6 8.3h3.6v6h1.5v1.7H7.6v-1.7h1.5V10H7.6z" />
    </g>,
  ),
  arrow_forward: tile('#3b88c3', <path d="M6.5 4.5 15 10l-8.5 5.5z" fill="#fff" />),
  double_vertical_bar: tile('#3b88c3', <path d="M5.5 5h3.2v10H5.5zM11.3 5h3.2v10h-3.2z" fill="#fff" />),
  leftwards_arrow_with_hook: tile(
    '#3b88c3',
    <path {...stroke} d="M8 4.5 4.5 8 8 11.5M5 8h6.8a3.5 3.5 0 0 1 0 7H8" stroke="#fff" stroke-width="2" />,
  ),
  raised_hand: hand,
  hand,
  '+1': thumb,
  thumbsup: thumb,
  '-1': <g transform="rotate(180 10 10)">{thumb}</g>,
  point_right: (
    <path
      {...SKIN}
      d="M1.2 8.3 4 6.8c1-.6 2-.9 3.2-.9h10a1.5 1.5 0 0 1 0 3.1h-5.7.9a1.3 1.3 0 0 1 0 2.7h-.5a1.3 1.3 0 0 1-.3 2.5h-.5a1.2 1.2 0 0 1-.6 2.2H6.7c-1.2 0-2.1-.3-3-.9l-2.5-1.5z"
    />
  ),
  hourglass: (
    <g>
      <path d="M5.2 2.5h9.6v3.2L11.4 10l3.4 4.3v3.2H5.2v-3.2L8.6 10 5.2 5.7z" fill="#d8ecf8" />
      <path d="M6.2 5h7.6l-3.3 4.3v3L14 16.5H6l3.5-4.2v-3z" fill="#ffb636" />
      <path {...stroke} d="M4.5 1.9h11M4.5 18.1h11" stroke="#8a5a2b" stroke-width="2" />
    </g>
  ),
  alarm_clock: (
    <g>
      <path
        {...stroke}
        d="m2.2 5.2 3-2.7M17.8 5.2l-3-2.7M5.5 16.5 4 18.5M14.5 16.5l1.5 2"
        stroke="#a01c2b"
        stroke-width="2"
      />
      <circle cx="10" cy="10.8" r="6.7" fill="#fff" stroke="#dd2e44" stroke-width="2" />
      <path {...stroke} d="M10 7v4l2.7 1.5" stroke="#292f33" stroke-width="1.4" />
    </g>
  ),
  wastebasket: (
    <g>
      <path d="M4 6h12l-1.2 12H5.2z" fill="#aebbc5" />
      <path {...stroke} d="M7.5 8.5 8 16M10 8.5V16M12.5 8.5 12 16" stroke="#66757f" stroke-width="1" />
      <path {...stroke} d="M3 5.5h14M8 3h4" stroke="#66757f" stroke-width="2" />
    </g>
  ),
  lock: (
    <g>
      <path {...stroke} d="M6.3 9V6.2a3.7 3.7 0 0 1 7.4 0V9" stroke="#8a949c" stroke-width="2" />
      <rect x="3.8" y="8.6" width="12.4" height="9.6" rx="1.8" fill="#ffac33" />
      <path d="M10 11.5a1.3 1.3 0 0 1 .7 2.4v1.8H9.3v-1.8a1.3 1.3 0 0 1 .7-2.4z" fill="#7a4a05" />
    </g>
  ),
  boom: (
    <g>
      <path
        d="m10 1 1.6 4.3L16 3l-1.6 4.5 4.6.3-3.7 2.9 3 3.8-4.5-.6.3 4.6L10.5 15 7 19l-.3-5-4.7 1L5.2 11 1 8.8l4.8-.9L4 3.4l4.4 2.3z"
        fill="#f4900c"
      />
      <path
        d="m10 5.5.9 2.6 2.5-.8-1.2 2.3 2 1.4-2.4.6.2 2.3-2-1.5-2 1.7.1-2.5-2.4-.4 2-1.5-1.1-2.3 2.5.7z"
        fill="#ffe8b6"
      />
    </g>
  ),
  eyes: (
    <g>
      <ellipse cx="5.6" cy="10" rx="4" ry="6" fill="#f5f8fa" stroke="#8899a6" stroke-width=".7" />
      <ellipse cx="14.4" cy="10" rx="4" ry="6" fill="#f5f8fa" stroke="#8899a6" stroke-width=".7" />
      <ellipse cx="4.3" cy="11" rx="1.8" ry="2.8" fill="#292f33" />
      <ellipse cx="13.1" cy="11" rx="1.8" ry="2.8" fill="#292f33" />
    </g>
  ),
  heart: (
    <path
      d="M10 17.8C4.5 13.9 1.5 11 1.5 7.3A4.6 4.6 0 0 1 10 4.9a4.6 4.6 0 0 1 8.5 2.4c0 3.7-3 6.6-8.5 10.5z"
      fill="#dd2e44"
    />
  ),
  tada: (
    <g>
      <path d="m2 18.3 4.7-12 7 7z" fill="#ffcc4d" stroke="#d9a21b" stroke-width=".6" />
      <path
        {...stroke}
        d="M9.5 6.5c1.8-1 1.5-2.8.6-4.5M13.3 10.7c1.2-1.7 3-1.7 5-.6"
        stroke="#9266cc"
        stroke-width="1.5"
      />
      <path {...stroke} d="M11.8 8.3c2-1.3 3.7-3.2 4.5-5.6" stroke="#dd2e44" stroke-width="1.5" />
      <g fill="#3b88c3">
        <circle cx="6" cy="2.5" r="1.2" />
        <circle cx="18" cy="6.5" r="1.2" />
        <circle cx="16.5" cy="15.5" r="1.2" />
      </g>
    </g>
  ),
  rocket: (
    <g>
      <path d="M2 18c.2-3 1.2-4.6 3-4.6S7 15 6.5 15.5C5.8 17 4 17.8 2 18z" fill="#f4900c" />
      <path d="m4 10.5 3-3.2 3 .2-4.3 4.7zM9.5 16l3.2-3 -.2-3-4.7 4.3z" fill="#a01c2b" />
      <path d="M5.5 12.3C7 6.5 11.5 2.2 18.5 1.5 17.8 8.5 13.5 13 7.7 14.5z" fill="#d5dce2" />
      <circle cx="12.6" cy="7.4" r="1.9" fill="#3b88c3" />
    </g>
  ),
  fire: (
    <g>
      <path
        d="M10.5 1c.6 3 4.9 5 5.7 9.5.7 4.5-2 8.5-6.2 8.5S3.2 15.5 3.7 11.5C4 9 5.5 8 6 6c1 .8 1.5 2 1.5 3C9.5 7 10.8 4.5 10.5 1z"
        fill="#f4900c"
      />
      <path
        d="M10.3 9.5c.3 2 2.7 2.8 2.7 5.5 0 2.3-1.3 4-3 4s-3.2-1.5-3.2-3.7c0-1.6.9-2.3 1.2-3.5.6.4 1 .9 1 1.5.9-1 1.4-2.3 1.3-3.8z"
        fill="#ffcc4d"
      />
    </g>
  ),
};

/** Drawings by Slack's name of the emoji. */
export const EMOJI_DRAWINGS: Readonly<Partial<Record<string, VNode>>> = drawings;
