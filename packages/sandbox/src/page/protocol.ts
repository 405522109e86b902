import type { Mail } from '@lifeboat/stand-ins/mail/mail';
import type {
  SlackChannel,
  SlackEphemeral,
  SlackFile,
  SlackMessage,
  SlackUser,
  SlackView,
} from '@lifeboat/stand-ins/slack/state';
import type { Json, JsonObject } from '../../../../src/domain/json.ts';

/*
 * What the sandbox's page and its server say to each other. The page reads a Snapshot from GET /api/state, then each
 * Change from GET /api/changes (server-sent events), and posts a Gesture to /api/act. Types only.
 */

export interface Snapshot {
  workspace: Workspace;
  phones: Phone[];
  mail: Mail[];
  wire: WireRow[];
  services: ServiceTile[];
  surroundings: Surrounding[];
  tour: TourStep[];
  /** How many times faster than life the estate's durations run; 1 is life. */
  speed: number;
  /** The estate's name. */
  estate: string;
  commands: CommandHint[];
  shortcuts: Shortcut[];
}

export interface Workspace {
  team: { id: string; name: string };
  /** The bot's user id. */
  bot: string;
  users: SlackUser[];
  /** Direct messages too (is_im). */
  channels: SlackChannel[];
  messages: SlackMessage[];
  ephemerals: SlackEphemeral[];
  /** Open forms by user, the top one last. */
  modals: Record<string, SlackView[]>;
  /** App Home by user. */
  homes: Record<string, SlackView>;
  files: SlackFile[];
}

/** A page on somebody's telephone. */
export interface Phone {
  /** The pager's own id of the incident. */
  id: string;
  dedup_key: string;
  summary: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  severity: string;
  service: string;
  /** Names of those who are woken. */
  assignees: string[];
  details: JsonObject;
  created_at: number;
  /** What happened to it, oldest first. */
  log: { at: number; text: string }[];
}

/** One request and its answer; secrets are masked before they get here. */
export interface WireRow {
  n: number;
  at: number;
  between: 'slack' | 'pagerduty' | 'mail';
  /** `out`: Lifeboat calls the service; `in`: the service calls Lifeboat. */
  direction: 'in' | 'out';
  what: string;
  /** The HTTP status, or SMTP reply; 0 without an answer. */
  status: number;
  /** Milliseconds until the answer; null while unknown. */
  ms: number | null;
  request: Json;
  response: Json;
}

export const BREAKS = ['kill', 'hang', 'slow', 'errors', 'refuse', 'corrupt'] as const;
export type Break = (typeof BREAKS)[number];

export interface ServiceTile {
  id: string;
  name: string;
  site: string;
  tier: number;
  port: number;
  depends_on: string[];
  health: 'up' | 'degraded' | 'down' | 'unknown';
  /** Why, in words for a person: "healthy, 3 ms", "connection refused", "needs authentication". */
  reason: string;
  pid: number | null;
  /** How it was broken and not yet mended. */
  broken: Break | null;
  /** The command that would bring it back, such as `recover api-gateway`. */
  remedy: string;
}

/** A part around the estate that can be taken away: slack, pagerduty, bot, worker-1, worker-2. */
export interface Surrounding {
  id: string;
  name: string;
  state: 'up' | 'down' | 'starting';
  /** What taking it away does, in one line. */
  about: string;
}

export interface TourStep {
  id: 'break' | 'declare' | 'acknowledge' | 'recover' | 'approve' | 'resolve';
  title: string;
  /** What to do, with words to type in backticks. */
  how: string;
  /** Where it is done; the page offers to go there. */
  go: TourPlace;
  done: boolean;
}

/** A panel, the newest incident's channel, or a person to act as. */
export type TourPlace = { panel: 'estate' | 'phones' } | { channel: 'incident' | 'general' } | { actAs: string };

export interface CommandHint {
  name: string;
  usage: string;
  summary: string;
  examples: string[];
}

export interface Shortcut {
  callback_id: string;
  name: string;
  on: 'message' | 'anywhere';
}

/** Each says how something is now; a page that missed one fetches the snapshot again. */
export type Change =
  | { kind: 'message'; message: SlackMessage }
  | { kind: 'deleted'; channel: string; ts: string }
  | { kind: 'ephemeral'; ephemeral: SlackEphemeral }
  | { kind: 'ephemeral_gone'; id: string }
  | { kind: 'channel'; channel: SlackChannel }
  | { kind: 'modals'; user: string; views: SlackView[] }
  | { kind: 'home'; user: string; view: SlackView }
  | { kind: 'file'; file: SlackFile }
  | { kind: 'phone'; phone: Phone }
  | { kind: 'mail'; mail: Mail }
  | { kind: 'wire'; row: WireRow }
  | { kind: 'service'; service: ServiceTile }
  | { kind: 'surrounding'; surrounding: Surrounding }
  | { kind: 'tour'; tour: TourStep[] }
  /** Everything may have changed: fetch the snapshot. */
  | { kind: 'reset' };

/** What carries the button: a message, something only one person sees, an open form or App Home. */
export type Target = { message: { channel: string; ts: string } } | { ephemeral: string } | { view: string };

/** Something that a person does; `as` is the user id of the person. */
export type Gesture = { as: string } & (
  | { do: 'say'; channel: string; text: string; thread?: string }
  | { do: 'command'; channel: string; command: string; text: string }
  | { do: 'press'; target: Target; block_id: string; action_id: string; value?: string }
  | { do: 'choose'; target: Target; block_id: string; action_id: string; value: string | string[] }
  | { do: 'submit'; view: string; values: Record<string, string | string[]> }
  | { do: 'close'; view: string }
  | { do: 'shortcut'; callback_id: string; message?: { channel: string; ts: string } }
  /** Adds the reaction, or takes it back when the person gave it before. */
  | { do: 'react'; channel: string; ts: string; name: string }
  | { do: 'pin'; channel: string; ts: string; pinned: boolean }
  | { do: 'bookmark'; channel: string; title: string; link: string }
  | { do: 'join'; channel: string }
  | { do: 'open_home' }
  | { do: 'acknowledge'; phone: string }
  | { do: 'resolve'; phone: string }
  | { do: 'break'; service: string; how: Break }
  /** Takes the break back, without Lifeboat. */
  | { do: 'mend'; service: string }
  | { do: 'surrounding'; id: string; up: boolean }
);

export interface GestureAnswer {
  ok: boolean;
  /** Why it was refused, in words for a person. */
  error?: string;
  /** Field errors of a form, by block id. */
  errors?: Record<string, string>;
}
