import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../../src/domain/json.ts';
import { acceptView } from './blocks.ts';
import { SlackRefusal } from './refusal.ts';
import type { SlackView } from './state.ts';
import type { Team } from './team.ts';

const textOf = (view: JsonObject, field: string): string => {
  const value = view[field];
  return typeof value === 'string' ? value : '';
};

/** A hash like Slack's: the second, a dot and a digest. */
const hashOf = (team: Team, view: JsonObject): string => {
  const digest = createHash('sha256').update(JSON.stringify(view)).update(team.nextTs()).digest('hex');
  return `${Math.floor(team.now() / 1000)}.${digest.slice(0, 8)}`;
};

function build(team: Team, user: string, view: JsonObject, type: SlackView['type']): SlackView {
  const blocks = acceptView(view, team.nextBlockId);
  if (view['type'] !== type)
    throw new SlackRefusal('invalid_arguments', [`view must be a ${type} [json-pointer:/view/type]`]);
  const external = textOf(view, 'external_id');
  const taken = Object.values(team.state.modals).some((stack) => stack.some((open) => open.external_id === external));
  if (external !== '' && taken) throw new SlackRefusal('duplicate_external_id');
  const id = team.nextId('V');
  return {
    id,
    user,
    type,
    callback_id: textOf(view, 'callback_id'),
    hash: hashOf(team, view),
    private_metadata: textOf(view, 'private_metadata'),
    external_id: external,
    root_view_id: id,
    previous_view_id: null,
    view,
    blocks,
    state: {},
  };
}

/** Opens a modal for the user, on top of nothing: a modal that was open before is gone. */
export function openModal(team: Team, user: string, view: JsonObject): SlackView {
  const opened = build(team, user, view, 'modal');
  team.state.modals[user] = [opened];
  team.announce('view', opened);
  return opened;
}

/** Puts a modal on the user's stack. Slack: at most three views. */
export function pushModal(team: Team, user: string, view: JsonObject): SlackView {
  const stack = team.modalsOf(user);
  const top = stack.at(-1);
  if (!top) throw new SlackRefusal('not_found');
  if (stack.length >= 3) throw new SlackRefusal('push_limit_reached');
  const pushed = build(team, user, view, 'modal');
  pushed.root_view_id = top.root_view_id;
  pushed.previous_view_id = top.id;
  stack.push(pushed);
  team.announce('view', pushed);
  return pushed;
}

/** Replaces what an open view shows; the id stays, the hash changes. */
export function replaceModal(team: Team, open: SlackView, view: JsonObject): SlackView {
  const blocks = acceptView(view, team.nextBlockId);
  Object.assign(open, {
    view,
    blocks,
    hash: hashOf(team, view),
    callback_id: textOf(view, 'callback_id'),
    private_metadata: textOf(view, 'private_metadata'),
  });
  team.announce('view', open);
  return open;
}

export function publishHome(team: Team, user: string, view: JsonObject): SlackView {
  const home = build(team, user, view, 'home');
  const before = team.state.homes[user];
  if (before) home.id = before.id;
  team.state.homes[user] = home;
  team.announce('view', home);
  return home;
}

export function findModal(team: Team, match: (view: SlackView) => boolean): SlackView | undefined {
  return Object.values(team.state.modals).flat().find(match);
}

/** Closes one view (the stack above it too), or with `all` the user's whole stack. */
export function closeModal(team: Team, view: SlackView, all = false): void {
  const stack = team.modalsOf(view.user);
  const from = all ? 0 : stack.indexOf(view);
  for (const closed of from < 0 ? [] : stack.splice(from)) team.announce('view_closed', closed);
}
