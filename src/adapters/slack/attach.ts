import type { WebClient } from '@slack/web-api';
import { fetch } from 'undici';
import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, rejected, retry } from '../../domain/effect/outcome.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { ChatFile } from '../../ports/chat.ts';
import { attempt, read } from './attempt.ts';

const PAGE = 200;

/** Puts a text file into a message's thread, unless one of its name is there: Slack keeps no key for files. */
export async function attachFile(
  client: WebClient,
  at: { channel: string; ts: string },
  file: ChatFile,
  timeoutMs: number,
): Promise<Outcome> {
  const there = await isAttached(client, at, file.name);
  if (there.kind !== 'done') return there;
  if (there.value) return done(undefined);
  const bytes = Buffer.from(file.text);
  const place = await attempt('ask where to upload', () =>
    client.files.getUploadURLExternal({ filename: file.name, length: bytes.length }),
  );
  if (place.kind !== 'done') return place;
  const { upload_url, file_id } = place.value;
  if (upload_url === undefined || file_id === undefined) return retry('ask where to upload: the answer names no place');
  const sent = await upload(upload_url, bytes, timeoutMs);
  if (sent.kind !== 'done') return sent;
  const shared = await attempt('share the file', () =>
    client.files.completeUploadExternal({
      files: [{ id: file_id, title: file.title }],
      channel_id: at.channel,
      thread_ts: at.ts,
    }),
  );
  return shared.kind === 'done' ? done(undefined) : shared;
}

async function isAttached(
  client: WebClient,
  { channel, ts }: { channel: string; ts: string },
  name: string,
): Promise<Outcome<boolean>> {
  let cursor = '';
  do {
    const page = await read('read the thread', () =>
      client.conversations.replies({ channel, ts, limit: PAGE, ...(cursor === '' ? {} : { cursor }) }),
    );
    if (page.kind !== 'done') return page;
    if (page.value.messages?.some(({ files }) => files?.some((each) => each.name === name))) return done(true);
    cursor = page.value.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return done(false);
}

/** Nothing is seen of the bytes until the file is shared, so whatever goes wrong here is tried again. */
async function upload(url: string, bytes: Buffer, timeoutMs: number): Promise<Outcome> {
  try {
    const answer = await fetch(url, { method: 'POST', body: bytes, signal: AbortSignal.timeout(timeoutMs) });
    await answer.arrayBuffer();
    if (answer.ok) return done(undefined);
    const reason = `upload the file: Slack answers ${answer.status}`;
    return answer.status === 413 ? rejected(reason) : retry(reason);
  } catch (error) {
    return retry(`upload the file: ${messageOf(error)}`);
  }
}
