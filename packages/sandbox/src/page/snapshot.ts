import type { World } from '../world.ts';
import type { Feed } from './feed.ts';
import type { Snapshot } from './protocol.ts';

/** Everything that the page shows, as it is now. */
export function snapshotOf(world: World, feed: Feed): Snapshot {
  const { state } = world.slack.workspace.events;
  return {
    workspace: {
      team: { id: state.team.id, name: state.team.name },
      bot: state.bot.user_id,
      users: Object.values(state.users),
      channels: Object.values(state.channels),
      messages: Object.values(state.messages).flat(),
      ephemerals: state.ephemerals,
      modals: state.modals,
      homes: state.homes,
      files: Object.values(state.files),
    },
    phones: world.pagerduty.pager.alerts().map((alert) => feed.phone(alert)),
    mail: world.mail.list(),
    wire: feed.wire(),
    services: world.services.list(),
    surroundings: world.surroundings.list(),
    tour: world.tour.list(),
    speed: world.speed,
    estate: world.estate,
    commands: world.commands,
    shortcuts: world.shortcuts,
  };
}
