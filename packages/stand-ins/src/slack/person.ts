import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { isObject, textOf } from './args.ts';
import type { Answer, Tamper } from './delivery.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type FormValues, enteredValue, fillForm, pickElement, type Pick, type Reply, replyOf } from './gestures.ts';
import { closeModal, pushModal, replaceModal } from './modals.ts';
import * as payloads from './payloads.ts';
import { SlackRefusal } from './refusal.ts';
import { applyReply } from './reply.ts';
import type { SlackChannel, SlackEphemeral, SlackMessage, SlackUser, SlackView } from './state.ts';
import type { Team } from './team.ts';

export interface GestureOptions {
  /** The way the request takes; the request URL when one is set, else a socket. */
  via?: 'http' | 'socket';
  /** Forged or stale requests; over HTTP. */
  tamper?: Tamper;
  /** Claim to come from another workspace. */
  teamId?: string;
}

/** What has blocks on it: a message, something ephemeral, or an open view. */
export type Pressable = SlackMessage | SlackEphemeral | SlackView;

/** What a person does and sees in Slack. Each gesture resolves with the bot's answer to it. */
export class Person {
  readonly id: string;
  #team: Team;
  #dispatcher: Dispatcher;
  #base: () => string;

  constructor(id: string, team: Team, dispatcher: Dispatcher, base: () => string) {
    this.id = id;
    this.#team = team;
    this.#dispatcher = dispatcher;
    this.#base = base;
  }

  get user(): SlackUser {
    const user = this.#team.user(this.id);
    if (!user) throw new Error(`There is no user ${this.id} any more.`);
    return user;
  }

  /** The modal on top, if one is open. */
  get view(): SlackView | undefined {
    return this.#team.modalsOf(this.id).at(-1);
  }

  /** All open modals, the top one last. */
  get openViews(): readonly SlackView[] {
    return this.#team.modalsOf(this.id);
  }

  get home(): SlackView | undefined {
    return this.#team.state.homes[this.id];
  }

  /** What only this person was shown, oldest first. */
  get ephemerals(): SlackEphemeral[] {
    return this.#team.state.ephemerals.filter((one) => one.user === this.id);
  }

  /** The direct messages between this person and the bot. */
  get directMessages(): SlackMessage[] {
    const channel = Object.values(this.#team.state.channels).find((one) => one.is_im && one.im_user === this.id);
    return channel ? this.#team.messagesOf(channel.id) : [];
  }

  /** Types a slash command. The answer is also shown in the channel: to this person, or to all if it says so. */
  async command(command: string, text = '', options: GestureOptions & { channel?: string } = {}): Promise<Reply> {
    const channel = this.#channel(options.channel ?? '#general');
    const payload = payloads.slashCommand(this.#team, this.#base(), this.#actor(options), channel, command, text);
    const answer = await this.#dispatcher.deliver('slash_commands', payload, options);
    return this.#show(answer, channel);
  }

  /** Presses a button as it stands in Slack now; with `asSeen` as it stood when `target` was read. */
  async press(target: Pressable, what: Pick, options: GestureOptions & { asSeen?: boolean } = {}): Promise<Reply> {
    const source = this.#source(target);
    const blocks = options.asSeen ? target.blocks : blocksOf(source);
    const { block_id, element } = pickElement(blocks ?? [], what);
    return this.#act(source, { ...pressed(element), block_id }, options);
  }

  /** Chooses in a select, checkbox list or the like. */
  async choose(target: Pressable, what: Pick, value: string | string[], options: GestureOptions = {}): Promise<Reply> {
    const source = this.#source(target);
    const { block_id, element } = pickElement(blocksOf(source), what);
    const action = textOf(element['action_id']);
    const entered = enteredValue(element, value);
    if (source.kind === 'view') source.view.state[block_id] = { [action]: entered };
    return this.#act(source, { ...entered, action_id: action, block_id }, options);
  }

  /** Fills in the form and submits it; the answer's `errors` are what the form then shows. */
  async submit(view: SlackView, values: FormValues = {}, options: GestureOptions = {}): Promise<Reply> {
    const open = this.#openView(view);
    const missing = fillForm(open, values);
    if (missing.length > 0) throw new Error(`The form cannot be submitted: ${missing.join(', ')} must be filled in.`);
    const payload = payloads.viewSubmission(this.#team, this.#actor(options), open);
    const reply = replyOf(await this.#dispatcher.deliver('interactive', payload, options));
    if (reply.status === 200) this.#afterSubmit(open, reply);
    return reply;
  }

  /** Closes a form without submitting it; the bot is told only if the view asks for it. */
  async close(view: SlackView, options: GestureOptions = {}): Promise<void> {
    const open = this.#openView(view);
    closeModal(this.#team, open);
    if (open.view['notify_on_close'] !== true) return;
    await this.#dispatcher.deliver('interactive', payloads.viewClosed(this.#team, this.#actor(options), open), options);
  }

  /** Uses a shortcut: on a message, or without one the global kind. */
  async shortcut(callbackId: string, message?: SlackMessage, options: GestureOptions = {}): Promise<Reply> {
    const [team, actor] = [this.#team, this.#actor(options)];
    const payload = message
      ? payloads.messageShortcut(team, this.#base(), actor, callbackId, message, this.#channel(message.channel))
      : payloads.globalShortcut(team, actor, callbackId);
    return replyOf(await this.#dispatcher.deliver('interactive', payload, options));
  }

  /** Writes in a channel. Resolves when the bot has taken the event, if it is a member there. */
  async say(where: string, text: string, options: GestureOptions & { thread?: string } = {}): Promise<SlackMessage> {
    const channel = this.#channel(where);
    const team = this.#team;
    const message = team.addMessage({
      channel: channel.id,
      ts: team.nextTs(),
      text,
      user: this.id,
      client_msg_id: randomUUID(),
      posted_at: team.now(),
      edits: 0,
      ...(options.thread === undefined ? {} : { thread_ts: options.thread }),
    });
    const { user, ts, client_msg_id } = message;
    const kind = channel.is_im ? 'im' : channel.is_private ? 'group' : 'channel';
    const event = { user, ts, text, channel: channel.id, channel_type: kind, client_msg_id: client_msg_id ?? '' };
    await this.event(
      { type: 'message', ...event, ...(options.thread === undefined ? {} : { thread_ts: options.thread }) },
      options,
    );
    return message;
  }

  /** Adds a reaction, or takes it back when this person gave it before. */
  async react(message: SlackMessage, name: string, options: GestureOptions = {}): Promise<void> {
    const added = toggleReaction(message, name, this.id);
    this.#team.announce('updated', message);
    const item = { type: 'message', channel: message.channel, ts: message.ts };
    const event = { user: this.id, reaction: name, item, item_user: message.user };
    await this.event({ type: added ? 'reaction_added' : 'reaction_removed', ...event }, options);
  }

  /** Pins a message to its channel, or takes the pin away. */
  async pin(message: SlackMessage, pinned: boolean, options: GestureOptions = {}): Promise<void> {
    const channel = this.#channel(message.channel);
    channel.pins = channel.pins.filter((ts) => ts !== message.ts);
    if (pinned) channel.pins.push(message.ts);
    this.#team.announce('channel', channel);
    const event = { user: this.id, channel: channel.id, channel_id: channel.id };
    await this.event({ type: pinned ? 'pin_added' : 'pin_removed', ...event }, options);
  }

  /** Puts a link on a channel's bar. */
  bookmark(where: string, title: string, link: string): void {
    const channel = this.#channel(where);
    channel.bookmarks.push({ id: this.#team.nextId('Bk'), title, type: 'link', link });
    this.#team.announce('channel', channel);
  }

  async openHome(options: GestureOptions = {}): Promise<void> {
    const channel = this.#team.openIm(this.id);
    await this.event({ type: 'app_home_opened', user: this.id, channel: channel.id, tab: 'home' }, options);
  }

  async join(where: string, options: GestureOptions = {}): Promise<void> {
    const channel = this.#channel(where);
    if (!channel.members.includes(this.id)) channel.members.push(this.id);
    this.#team.announce('channel', channel);
    const event = { user: this.id, channel: channel.id, channel_type: 'C', team: this.user.team_id };
    await this.event({ type: 'member_joined_channel', ...event }, options);
  }

  /** Sends any event to the bot, if the bot is a member of the event's channel. */
  async event(event: JsonObject, options: GestureOptions = {}): Promise<Answer | undefined> {
    const id = event['channel'];
    const channel = typeof id === 'string' ? this.#team.state.channels[id] : undefined;
    if (channel && !this.#team.isMember(channel, this.#team.botUser)) return undefined;
    const payload = payloads.eventCallback(this.#team, event);
    if (options.teamId !== undefined) payload['team_id'] = options.teamId;
    return this.#dispatcher.deliver('events_api', payload, options);
  }

  async #act(source: payloads.Source, action: JsonObject, options: GestureOptions): Promise<Reply> {
    const payload = payloads.blockActions(this.#team, this.#base(), this.#actor(options), source, action);
    return replyOf(await this.#dispatcher.deliver('interactive', payload, options));
  }

  #show(answer: Answer, channel: SlackChannel): Reply {
    const reply = replyOf(answer);
    if (answer.status !== 200 || (reply.text === '' && reply.blocks.length === 0)) return reply;
    try {
      applyReply(this.#team, { user: this.id, channel: channel.id }, answer.body, 'ack');
      return reply;
    } catch (error) {
      if (error instanceof SlackRefusal) return { ...reply, error: error.message };
      throw error;
    }
  }

  #afterSubmit(view: SlackView, reply: Reply): void {
    const next: Json | undefined = isObject(reply.body) ? reply.body['view'] : undefined;
    if (reply.response_action === 'errors') return;
    if (reply.response_action === 'update' && isObject(next)) replaceModal(this.#team, view, next);
    else if (reply.response_action === 'push' && isObject(next)) pushModal(this.#team, this.id, next);
    else closeModal(this.#team, view, reply.response_action === 'clear');
  }

  #actor({ teamId }: GestureOptions): payloads.Actor {
    return { user: this.user, ...(teamId === undefined ? {} : { teamId }) };
  }

  #channel(idOrName: string): SlackChannel {
    const channel = this.#team.findChannel(idOrName);
    if (!channel) throw new Error(`There is no channel ${idOrName}.`);
    return channel;
  }

  #openView(view: SlackView): SlackView {
    const open = this.#team.modalsOf(this.id).find((one) => one.id === view.id);
    if (!open) throw new Error(`The view ${view.id} (${view.callback_id}) is not open for ${this.id}.`);
    return open;
  }

  #source(target: Pressable): payloads.Source {
    if ('callback_id' in target) {
      return { kind: 'view', view: target.type === 'home' ? (this.home ?? target) : this.#openView(target) };
    }
    const channel = this.#channel(target.channel);
    if ('via' in target) return { kind: 'ephemeral', ephemeral: target, channel };
    return { kind: 'message', message: this.#team.findMessage(target.channel, target.ts) ?? target, channel };
  }
}

function blocksOf(source: payloads.Source): JsonObject[] {
  if (source.kind === 'view') return source.view.blocks;
  return (source.kind === 'message' ? source.message.blocks : source.ephemeral.blocks) ?? [];
}

/** Whether the reaction is there afterwards. */
function toggleReaction(message: SlackMessage, name: string, user: string): boolean {
  const others = (message.reactions ?? []).filter((one) => one.name !== name);
  const users = message.reactions?.find((one) => one.name === name)?.users ?? [];
  const added = !users.includes(user);
  const next = added ? [...users, user] : users.filter((one) => one !== user);
  message.reactions = next.length === 0 ? others : [...others, { name, users: next }];
  return added;
}

/** A pressed button as block_actions reports it. */
function pressed(element: JsonObject): JsonObject {
  const { type = 'button', action_id = '', text, value, style } = element;
  return {
    type,
    action_id,
    ...(text === undefined ? {} : { text }),
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
  };
}
