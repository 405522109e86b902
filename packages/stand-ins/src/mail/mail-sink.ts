import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Mail, SmtpExchange } from './mail.ts';
import { refusal, tooLarge } from './refusals.ts';
import { parseMail } from './parse-mail.ts';

/** What the sink remembers, oldest first. */
export interface MailState {
  mail: Mail[];
}

interface MailEvents {
  mail: [Mail];
  wire: [SmtpExchange];
  /** A connection failed, such as one that was reset. */
  trouble: [Error];
}

export interface MailSink extends EventEmitter<MailEvents> {
  url: string;
  port: number;
  list(): Mail[];
  snapshot(): MailState;
  reset(): void;
  close(): Promise<void>;
}

/** As many as somebody would ever scroll through. */
const KEPT = 500;
/** What large mail providers take is 20 to 35 MB; nothing that Lifeboat sends comes near 10. */
const MAX_BYTES = 10 * 1024 * 1024;
/** A message that is under way at a stop gets this long, in ms. */
const CLOSE_MS = 250;

/** Starts an SMTP server on 127.0.0.1 that takes every message and delivers none; throws when the port is taken. */
export async function startMailSink({
  port = 0,
  state = { mail: [] },
}: { port?: number; state?: MailState } = {}): Promise<MailSink> {
  const events = new EventEmitter<MailEvents>();
  let kept = structuredClone(state.mail).slice(-KEPT);

  const take = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const [began, at] = [performance.now(), Date.now()];
    const answered = (status: number, words: string, mail?: Mail): void =>
      void events.emit('wire', {
        ...{ at, between: 'mail', direction: 'out', what: 'SMTP message', status, ms: performance.now() - began },
        request: { ...envelopeOf(session), bytes: stream.byteLength, ...(mail && { subject: mail.subject }) },
        response: words,
      });
    try {
      const mail = await parseMail(await bytesOf(stream), envelopeOf(session), at);
      kept = [...kept, mail].slice(-KEPT);
      answered(250, 'OK: message taken', mail);
      events.emit('mail', structuredClone(mail));
    } catch (error) {
      const refused = refusal(error);
      answered(refused.responseCode, refused.message);
      throw refused;
    }
  };

  const server = new SMTPServer({
    ...{ name: 'mail.sandbox', size: MAX_BYTES, closeTimeout: CLOSE_MS, disableReverseLookup: true },
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, session, reply) => void take(stream, session).then(() => reply(null, 'message taken'), reply),
  });
  server.on('error', (error) => void events.emit('trouble', error));
  const listener = server.listen(port, '127.0.0.1');
  await once(listener, 'listening');

  const taken = (listener.address() as AddressInfo).port;
  return Object.assign(events, {
    url: `smtp://127.0.0.1:${taken}`,
    port: taken,
    list: () => structuredClone(kept),
    snapshot: () => ({ mail: structuredClone(kept) }),
    reset: () => void (kept = []),
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  });
}

/** Reads all of it, so that the client hears the answer, but keeps no more than the limit. */
async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (stream.byteLength <= MAX_BYTES) chunks.push(chunk);
  }
  if (stream.sizeExceeded) throw tooLarge(MAX_BYTES);
  return Buffer.concat(chunks);
}

/** Who gets it is in the envelope; the header may name others, and never names blind copies. */
function envelopeOf({ envelope }: SMTPServerSession): { from: string; to: string[] } {
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  return { from, to: envelope.rcptTo.map(({ address }) => address) };
}
