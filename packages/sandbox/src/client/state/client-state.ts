import type { Mail } from '@lifeboat/stand-ins/mail/mail';
import type {
  SlackChannel,
  SlackEphemeral,
  SlackFile,
  SlackMessage,
  SlackUser,
  SlackView,
} from '@lifeboat/stand-ins/slack/state';
import type {
  CommandHint,
  Phone,
  ServiceTile,
  Shortcut,
  Snapshot,
  Surrounding,
  TourStep,
  WireRow,
} from '../../page/protocol.ts';

/** All that the page knows of the sandbox, indexed. A change replaces only what it touches. */
export interface ClientState {
  readonly team: { readonly id: string; readonly name: string };
  /** The bot's user id. */
  readonly bot: string;
  readonly users: ReadonlyMap<string, SlackUser>;
  /** Direct messages too. */
  readonly channels: ReadonlyMap<string, SlackChannel>;
  /** By channel, oldest first, thread replies included. */
  readonly messages: ReadonlyMap<string, readonly SlackMessage[]>;
  readonly ephemerals: readonly SlackEphemeral[];
  /** Open forms by user, the top one last. */
  readonly modals: ReadonlyMap<string, readonly SlackView[]>;
  readonly homes: ReadonlyMap<string, SlackView>;
  readonly files: ReadonlyMap<string, SlackFile>;
  readonly phones: readonly Phone[];
  readonly mail: readonly Mail[];
  /** The newest rows, oldest of them first. */
  readonly wire: readonly WireRow[];
  readonly services: readonly ServiceTile[];
  readonly surroundings: readonly Surrounding[];
  readonly tour: readonly TourStep[];
  readonly speed: number;
  readonly estate: string;
  readonly commands: readonly CommandHint[];
  readonly shortcuts: readonly Shortcut[];
  readonly connection: 'live' | 'lost';
}

/** How many rows of the Wire are kept. */
export const WIRE_ROWS = 300;

export function fromSnapshot(snapshot: Snapshot): ClientState {
  const { workspace, wire, ...rest } = snapshot;
  const messages = new Map<string, SlackMessage[]>();
  for (const message of workspace.messages) {
    const list = messages.get(message.channel);
    if (list) list.push(message);
    else messages.set(message.channel, [message]);
  }
  for (const list of messages.values()) list.sort(byTs);
  return {
    ...rest,
    team: workspace.team,
    bot: workspace.bot,
    users: byId(workspace.users),
    channels: byId(workspace.channels),
    messages,
    ephemerals: [...workspace.ephemerals].sort(byTs),
    modals: new Map(Object.entries(workspace.modals)),
    homes: new Map(Object.entries(workspace.homes)),
    files: byId(workspace.files),
    wire: wire.toSorted((one, other) => one.n - other.n).slice(-WIRE_ROWS),
    connection: 'live',
  };
}

/** Timestamps have the same number of digits, so their order is that of their text. */
const byTs = (one: { ts: string }, other: { ts: string }): number =>
  one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0;

const byId = <T extends { id: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map((one) => [one.id, one]));
