import type { RespondArguments, RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { LifeboatError } from '../../runtime/errors.ts';
import type { Log } from '../../runtime/log.ts';
import type { Answer } from '../../ports/edge.ts';

/** Slack shows an error after 3 s; before that people are told that it takes longer, and get the answer later. */
const PATIENCE_MS = 2200;

interface Way {
  ack: (response?: RespondArguments) => Promise<void>;
  respond: RespondFn;
  client: WebClient;
  triggerId: string;
  log: Log;
}

/** Answers a command: in the acknowledgement when the work is in the database in time, else by its response_url. */
export async function answerCommand(way: Way, work: Promise<Answer>): Promise<void> {
  const answered = words(work, way.log);
  const quick = await Promise.race([answered, after(PATIENCE_MS)]);
  if (quick === null) {
    await way.ack({ response_type: 'ephemeral', text: ':hourglass: Still working on it. The answer comes here.' });
    await deliver(way, await answered);
  } else if (quick.kind === 'form') {
    const refused = await openForm(way, quick);
    await (refused === null ? way.ack() : way.ack({ response_type: 'ephemeral', text: refused }));
  } else if (quick.kind === 'quiet') {
    await way.ack();
  } else {
    await way.ack(asResponse(quick));
    await shareFile(way, quick);
    await sayLater(way, quick);
  }
}

/** Answers a press: the acknowledgement is empty, what is to be said goes to the person alone. */
export async function answerPress(way: Way, work: Promise<Answer>): Promise<void> {
  const answered = words(work, way.log);
  const quick = await Promise.race([answered, after(PATIENCE_MS)]);
  if (quick?.kind === 'form') {
    const refused = await openForm(way, quick);
    await way.ack();
    if (refused !== null) await deliver(way, { kind: 'message', visible: 'you', text: refused });
    return;
  }
  await way.ack();
  await deliver(way, await answered);
}

/** Answers a form, which closed without a place for words, by direct message. */
export async function answerDirectly(
  client: WebClient,
  person: string,
  { text, blocks, later }: Extract<Answer, { kind: 'message' }>,
  log: Log,
): Promise<void> {
  try {
    await client.chat.postMessage({ channel: person, text, ...(blocks && { blocks }) });
    const more = (await later?.()) ?? null;
    if (more !== null) await client.chat.postMessage({ channel: person, text: more });
  } catch (error) {
    log.warn({ err: error }, 'answer not delivered');
  }
}

/** A refusal in words: what, the rule, the fix; anything unforeseen gets a reference into the log. */
export function refusal(error: unknown, log: Log): string {
  if (error instanceof LifeboatError) {
    log.info({ code: error.code, refused: error.message }, 'refused');
    const fix = error.fix === undefined ? '' : `\n:point_right: ${inert(sentence(error.fix))}`;
    return `:no_entry: ${inert(sentence(error.message))}${fix}`;
  }
  const reference = Date.now().toString(36);
  log.error({ err: error, reference }, 'request failed');
  return `:boom: Something went wrong in Lifeboat, and nothing was changed. Try again; if it stays, the log has it as \`${reference}\`.`;
}

/** A refusal may quote what somebody typed: none of it becomes a mention or a link, and all of it fits. */
const inert = (words: string): string =>
  shortened(words).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const QUOTED = 2000;
const shortened = (words: string): string =>
  words.length <= QUOTED ? words : `${words.slice(0, QUOTED).replace(/[\uD800-\uDBFF]$/, '')}…`;

function sentence(words: string): string {
  const capital = /^[a-z]/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  return /[.?!`]$/.test(capital) ? capital : `${capital}.`;
}

function words(work: Promise<Answer>, log: Log): Promise<Answer> {
  return work.catch((error: unknown): Answer => ({ kind: 'message', visible: 'you', text: refusal(error, log) }));
}

async function openForm(
  { client, triggerId, log }: Way,
  { view }: Extract<Answer, { kind: 'form' }>,
): Promise<string | null> {
  try {
    await client.views.open({ trigger_id: triggerId, view });
    return null;
  } catch (error) {
    log.warn({ err: error }, 'form not opened');
    return ':no_entry: Slack did not open the form.\n:point_right: Type the words after the command instead, for example `/dr declare P1 what is broken`.';
  }
}

/** Slack takes a form only within 3 s of the press. */
const LATE_FORM: Answer = {
  kind: 'message',
  visible: 'you',
  text: ':no_entry: The form took too long to open.\n:point_right: Press or type it again.',
};

async function deliver(way: Way, answer: Answer): Promise<void> {
  const { respond, log } = way;
  if (answer.kind === 'form') return deliver(way, LATE_FORM);
  if (answer.kind !== 'message') return;
  try {
    await respond({ ...asResponse(answer), replace_original: false });
    await shareFile(way, answer);
    await sayLater(way, answer);
  } catch (error) {
    log.warn({ err: error }, 'answer not delivered');
  }
}

async function sayLater({ respond, log }: Way, { later }: Extract<Answer, { kind: 'message' }>): Promise<void> {
  try {
    const text = (await later?.()) ?? null;
    if (text !== null) await respond({ response_type: 'ephemeral', text, replace_original: false });
  } catch (error) {
    log.warn({ err: error }, 'second answer not delivered');
  }
}

/** Puts the files of an answer into their channel; where Slack refuses them, the person is told another way to it. */
async function shareFile({ client, respond, log }: Way, { files = [] }: Extract<Answer, { kind: 'message' }>) {
  const [first] = files;
  if (!first) return;
  const names = files.map(({ name }) => name).join(' and ');
  try {
    const channel_id = await conversationOf(client, first.channel);
    const file_uploads = files.map(({ name, text }) => ({ filename: name, content: text }));
    await client.filesUploadV2({ channel_id, file_uploads });
  } catch (error) {
    log.warn({ err: error, files: names }, 'file not delivered');
    const why = error instanceof Error ? error.message : String(error);
    const said = `:warning: Slack did not take the file ${names} (${inert(why)}).\n:point_right: For \`missing_scope\` add \`files:write\` to the Slack app and install it again; for \`not_in_channel\` invite the bot there.`;
    await respond({ response_type: 'ephemeral', text: said, replace_original: false });
  }
}

/** A file needs the id of a conversation, also where it goes to a person. */
async function conversationOf(client: WebClient, to: string): Promise<string> {
  if (!/^[UW]/.test(to)) return to;
  const { channel } = await client.conversations.open({ users: to });
  if (channel?.id === undefined) throw new Error('Slack opened no direct message');
  return channel.id;
}

function asResponse({ visible, text, blocks }: Extract<Answer, { kind: 'message' }>) {
  return {
    response_type: visible === 'you' ? ('ephemeral' as const) : ('in_channel' as const),
    text,
    ...(blocks && { blocks }),
  };
}

const after = (ms: number): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
