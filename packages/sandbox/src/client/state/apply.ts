import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';
import type { Change } from '../../page/protocol.ts';
import { WIRE_ROWS, type ClientState } from './client-state.ts';

/** The state after a change; what the change does not touch stays the same object. `reset` changes nothing here. */
export function apply(state: ClientState, change: Change): ClientState {
  switch (change.kind) {
    case 'message':
      return withMessages(state, change.message.channel, (list) => putMessage(list, change.message));
    case 'deleted':
      return withMessages(state, change.channel, (list) => list.filter(({ ts }) => ts !== change.ts));
    case 'ephemeral':
      return { ...state, ephemerals: putById(state.ephemerals, change.ephemeral) };
    case 'ephemeral_gone':
      return { ...state, ephemerals: state.ephemerals.filter(({ id }) => id !== change.id) };
    case 'channel':
      return { ...state, channels: put(state.channels, change.channel.id, change.channel) };
    case 'modals':
      return { ...state, modals: put(state.modals, change.user, change.views) };
    case 'home':
      return { ...state, homes: put(state.homes, change.user, change.view) };
    case 'file':
      return { ...state, files: put(state.files, change.file.id, change.file) };
    case 'phone':
      return { ...state, phones: putById(state.phones, change.phone) };
    case 'mail':
      return { ...state, mail: putById(state.mail, change.mail) };
    case 'wire':
      return { ...state, wire: putOrdered(state.wire, change.row, ({ n }) => n).slice(-WIRE_ROWS) };
    case 'service':
      return { ...state, services: putById(state.services, change.service) };
    case 'surrounding':
      return { ...state, surroundings: putById(state.surroundings, change.surrounding) };
    case 'tour':
      return { ...state, tour: change.tour };
    case 'reset':
      return state;
  }
}

function withMessages(
  state: ClientState,
  channel: string,
  edit: (list: readonly SlackMessage[]) => readonly SlackMessage[],
): ClientState {
  return { ...state, messages: put(state.messages, channel, edit(state.messages.get(channel) ?? [])) };
}

const putMessage = (list: readonly SlackMessage[], message: SlackMessage) => putOrdered(list, message, ({ ts }) => ts);

function put<T>(map: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> {
  return new Map(map).set(key, value);
}

function putById<T extends { id: string }>(list: readonly T[], item: T): readonly T[] {
  const at = list.findIndex(({ id }) => id === item.id);
  return at < 0 ? [...list, item] : list.with(at, item);
}

/** Replaces the item with the same key, or puts it where its key belongs: nearly always at the end. */
function putOrdered<T>(list: readonly T[], item: T, key: (item: T) => string | number): readonly T[] {
  const mine = key(item);
  const before = list.findLastIndex((other) => key(other) <= mine);
  const there = list[before];
  if (there !== undefined && key(there) === mine) return list.with(before, item);
  return list.toSpliced(before + 1, 0, item);
}
