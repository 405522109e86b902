import type { JsonObject } from '../../../../src/domain/json.ts';
import type { Dispatcher } from './dispatcher.ts';
import { eventCallback } from './payloads.ts';
import { presentMessage } from './present.ts';
import type { SlackMessage } from './state.ts';
import type { Team } from './team.ts';

/** Tells the bot of its own posts and edits, as Slack does when an app subscribes to message events. */
export class Echo {
  on = false;
  #team: Team;
  #dispatcher: Dispatcher;
  #edits = new WeakMap<SlackMessage, number>();

  constructor(team: Team, dispatcher: Dispatcher) {
    this.#team = team;
    this.#dispatcher = dispatcher;
    team.on('message', (message) => this.#posted(message));
    team.on('updated', (message) => this.#edited(message));
  }

  #posted(message: SlackMessage): void {
    if (message.bot_id === undefined) return;
    this.#send({
      ...presentMessage(this.#team.state, message, 'type'),
      channel: message.channel,
      channel_type: 'channel',
    });
    const { metadata } = message;
    if (!metadata) return;
    const { event_type, event_payload } = metadata;
    this.#send({
      type: 'message_metadata_posted',
      app_id: this.#team.state.app_id,
      bot_id: message.bot_id,
      user_id: message.user,
      team_id: this.#team.state.team.id,
      channel_id: message.channel,
      message_ts: message.ts,
      metadata: { event_type, event_payload },
    });
  }

  #edited(message: SlackMessage): void {
    if ((this.#edits.get(message) ?? 0) === message.edits) return;
    this.#edits.set(message, message.edits);
    const shown = presentMessage(this.#team.state, message, 'type');
    this.#send({
      type: 'message',
      subtype: 'message_changed',
      channel: message.channel,
      ts: this.#team.nextTs(),
      message: shown,
    });
  }

  #send(event: JsonObject): void {
    if (this.on) void this.#dispatcher.deliver('events_api', eventCallback(this.#team, event));
  }
}
