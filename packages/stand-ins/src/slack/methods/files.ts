import { isObject, textOf } from '../args.ts';
import { presentFile } from '../present.ts';
import { SlackRefusal } from '../refusal.ts';
import type { SlackFile } from '../state.ts';
import type { Call, Method } from './method.ts';

const getUploadUrl: Method = {
  tier: 4,
  run({ team, args, base }) {
    const name = args.str('filename');
    if (name === '' || !args.has('length'))
      throw new SlackRefusal('invalid_arguments', ['filename and length are required']);
    const id = team.nextId('F');
    team.state.files[id] = { id, name, title: name, bytes: 0, content: '', complete: false, channels: [] };
    return { upload_url: `${base}/upload/v1/${id}`, file_id: id };
  },
};

/** Shares the file as a message of the bot, as Slack does when a channel is named. */
function share({ team, args }: Call, files: SlackFile[], channelId: string): void {
  const channel = team.state.channels[channelId];
  if (!channel) throw new SlackRefusal('channel_not_found');
  if (!team.isMember(channel, team.botUser)) throw new SlackRefusal('not_in_channel');
  for (const file of files) file.channels.push(channelId);
  const thread = args.str('thread_ts');
  team.addMessage({
    channel: channelId,
    ts: team.nextTs(),
    text: args.str('initial_comment'),
    user: team.botUser,
    bot_id: team.state.bot.bot_id,
    files: files.map((file) => file.id),
    posted_at: team.now(),
    edits: 0,
    ...(thread === '' ? {} : { thread_ts: thread }),
  });
}

const complete: Method = {
  tier: 4,
  run(call) {
    const { team, args } = call;
    const wanted = args.json('files');
    if (!Array.isArray(wanted) || wanted.length === 0)
      throw new SlackRefusal('invalid_arguments', ['files is required']);
    const files = wanted.filter(isObject).map((item) => {
      const file = team.state.files[textOf(item['id'])];
      if (!file) throw new SlackRefusal('file_not_found');
      if (typeof item['title'] === 'string') file.title = item['title'];
      file.complete = true;
      return file;
    });
    if (args.str('channel_id') !== '') share(call, files, args.str('channel_id'));
    return { files: files.map(presentFile) };
  },
};

const info: Method = {
  tier: 4,
  run({ team, args }) {
    const file = team.state.files[args.str('file')];
    if (!file?.complete) throw new SlackRefusal('file_not_found');
    return { file: presentFile(file) };
  },
};

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': complete,
  'files.info': info,
};
