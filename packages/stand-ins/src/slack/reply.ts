import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { Args, isObject } from './args.ts';
import { type MessageContent, readContent } from './methods/message-content.ts';
import { SlackRefusal } from './refusal.ts';
import type { SlackEphemeral, SlackMessage, SlackResponseUrl } from './state.ts';
import type { Team } from './team.ts';

/** Slack: a response_url is good for five answers within thirty minutes. */
const maxUses = 5;
const lifeMs = 30 * 60_000;

export interface ReplyTarget {
  user: string;
  channel: string;
  /** The message or ephemeral that carried the button. */
  message_ts?: string;
  ephemeral_id?: string;
}

/** Shows what the bot answered: to the person alone, or with response_type in_channel to everybody. */
export function applyReply(team: Team, target: ReplyTarget, reply: Json, via: SlackEphemeral['via']): void {
  const fields: JsonObject = isObject(reply) ? reply : { text: typeof reply === 'string' ? reply : '' };
  const args = new Args(fields);
  if (args.flag('delete_original')) {
    removeOriginal(team, target);
    return;
  }
  const content = readContent(args, 40_000, team.nextBlockId);
  if (args.flag('replace_original')) replaceOriginal(team, target, content);
  else if (args.str('response_type') === 'in_channel') postReply(team, target, content, args.str('thread_ts'));
  else {
    const { channel, user } = target;
    team.addEphemeral({ id: team.nextId('E'), channel, user, ts: team.nextTs(), via, ...content });
  }
}

function postReply(team: Team, target: ReplyTarget, content: MessageContent, thread: string): void {
  const message: SlackMessage = {
    ...content,
    channel: target.channel,
    ts: team.nextTs(),
    user: team.botUser,
    bot_id: team.state.bot.bot_id,
    posted_at: team.now(),
    edits: 0,
  };
  team.addMessage(thread === '' ? message : { ...message, thread_ts: thread });
}

function replaceOriginal(team: Team, target: ReplyTarget, content: MessageContent): void {
  const ephemeral = team.state.ephemerals.find((other) => other.id === target.ephemeral_id);
  if (ephemeral) {
    delete ephemeral.blocks;
    Object.assign(ephemeral, content);
    team.announce('ephemeral', ephemeral);
    return;
  }
  const message = target.message_ts === undefined ? undefined : team.findMessage(target.channel, target.message_ts);
  if (!message) throw new SlackRefusal('message_not_found');
  delete message.blocks;
  Object.assign(message, content, { edits: message.edits + 1 });
  team.announce('updated', message);
}

function removeOriginal(team: Team, target: ReplyTarget): void {
  const shown = team.state.ephemerals.find((other) => other.id === target.ephemeral_id);
  if (shown) team.removeEphemeral(shown);
  const message = target.message_ts === undefined ? undefined : team.findMessage(target.channel, target.message_ts);
  if (message) {
    team.state.messages[target.channel] = team.messagesOf(target.channel).filter((other) => other !== message);
    team.announce('deleted', message);
  }
}

/** Takes one answer sent to a response_url; returns the HTTP status and body that Slack gives. */
export function answerResponseUrl(team: Team, id: string, body: Json): { status: number; body: string } {
  const hook: SlackResponseUrl | undefined = team.state.response_urls[id];
  if (!hook) return { status: 404, body: 'no_service' };
  if (team.now() - hook.issued_at > lifeMs)
    return { status: 404, body: JSON.stringify({ ok: false, error: 'expired_url' }) };
  if (hook.uses >= maxUses) return { status: 404, body: JSON.stringify({ ok: false, error: 'used_url' }) };
  try {
    applyReply(team, hook, body, 'response_url');
  } catch (error) {
    if (error instanceof SlackRefusal) return { status: 400, body: error.code };
    throw error;
  }
  hook.uses += 1;
  return { status: 200, body: 'ok' };
}
