import { once } from 'node:events';
import { connect } from 'node:net';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMailSink, type MailSink } from '@lifeboat/stand-ins/mail/mail-sink';
import type { WireRow } from '@lifeboat/sandbox/page/protocol';

let sink: MailSink;
let rows: Omit<WireRow, 'n'>[];

const send = async (mail: SendMailOptions, to = sink): Promise<string> => {
  const transport = createTransport({ host: '127.0.0.1', port: to.port });
  try {
    const { response } = await transport.sendMail({ from: 'Lifeboat <lifeboat@example.com>', ...mail });
    return response;
  } finally {
    transport.close();
  }
};
const plain = { to: 'ana@example.com', subject: 'Gateway', text: 'It is down.' };

beforeEach(async () => {
  sink = await startMailSink();
  rows = [];
  sink.on('wire', (row) => void rows.push(row));
});
afterEach(() => sink.close());

describe('the mail sink', () => {
  it('takes a plain text from anybody to anybody, and says so at once', async () => {
    const coming = once(sink, 'mail');
    expect(await send(plain)).toMatch(/^250 /);
    const [mail] = sink.list();
    expect(mail).toMatchObject({
      ...{ from: 'Lifeboat <lifeboat@example.com>', to: ['ana@example.com'] },
      ...{ subject: 'Gateway', text: 'It is down.', html: null },
    });
    expect(Math.abs(Date.now() - (mail?.at ?? 0))).toBeLessThan(60_000);
    expect(await coming).toEqual([mail]);
  });

  it('reads HTML beside its text, and a subject in any alphabet', async () => {
    await send({ ...plain, subject: 'Störung: 認証が停止 🚨', html: '<p>It is <b>down</b>.</p>' });
    await send({ ...plain, text: 'Ça va — bientôt.', encoding: 'utf-8' });
    const [first, second] = sink.list();
    expect(first).toMatchObject({ subject: 'Störung: 認証が停止 🚨', html: '<p>It is <b>down</b>.</p>' });
    expect(first?.text).toBe('It is down.');
    expect(second?.text).toBe('Ça va — bientôt.');
  });

  it('delivers to the envelope, blind copies included', async () => {
    await send({
      ...plain,
      to: ['ana@example.com', 'ben@example.com'],
      cc: 'cleo@example.com',
      bcc: 'dan@example.com',
    });
    expect(sink.list()[0]?.to).toEqual(['ana@example.com', 'ben@example.com', 'cleo@example.com', 'dan@example.com']);
  });

  it('refuses more than 10 MB for good, and takes what is a little smaller', async () => {
    const letter = (mb: number) => ({ ...plain, text: `${'x'.repeat(1023)}\n`.repeat(1024 * mb) });
    await expect(send(letter(11))).rejects.toMatchObject({ responseCode: 552 });
    expect(sink.list()).toEqual([]);
    await send(letter(9));
    expect(sink.list()).toHaveLength(1);
    expect(rows.map(({ status }) => status)).toEqual([552, 250]);
  });

  it('refuses at once who says beforehand that it will be too much', async () => {
    const socket = connect(sink.port, '127.0.0.1').setEncoding('utf8');
    try {
      const said = async (line: string): Promise<unknown> => (
        socket.write(`${line}\r\n`),
        (await once(socket, 'data'))[0]
      );
      await once(socket, 'data');
      expect(await said('EHLO example.com')).not.toMatch(/STARTTLS|AUTH/);
      expect(await said('MAIL FROM:<a@example.com> SIZE=10485761')).toMatch(/^552 /);
      expect(await said('MAIL FROM:<a@example.com> SIZE=10485760')).toMatch(/^250 /);
    } finally {
      socket.destroy();
    }
  });

  it('shows each message on the wire with its reply', async () => {
    await send(plain);
    expect(rows).toEqual([
      expect.objectContaining({
        ...{ between: 'mail', direction: 'out', what: 'SMTP message', status: 250, ms: expect.any(Number) },
        request: {
          ...{ from: 'lifeboat@example.com', to: ['ana@example.com'] },
          ...{ bytes: expect.any(Number), subject: 'Gateway' },
        },
      }),
    ]);
  });

  it('remembers the last 500, and takes back what it remembered', async () => {
    await send(plain);
    const [one] = sink.list();
    const full = { mail: Array.from({ length: 500 }, (_, n) => ({ ...one!, id: `m${n}` })) };
    const again = await startMailSink({ state: full });
    try {
      await send({ ...plain, subject: 'The newest' }, again);
      const { mail } = again.snapshot();
      expect([mail.length, mail[0]?.id, mail.at(-1)?.subject]).toEqual([500, 'm1', 'The newest']);
      again.reset();
      expect(again.list()).toEqual([]);
    } finally {
      await again.close();
    }
  });

  it('closes while somebody is connected, and frees its port', async () => {
    const socket = connect(sink.port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'data');
    const ended = once(socket, 'close');
    socket.resume();
    await sink.close();
    await ended;
    const next = await startMailSink({ port: sink.port });
    expect(next.url).toBe(sink.url);
    await next.close();
  });

  it('says so when its port is taken', async () => {
    await expect(startMailSink({ port: sink.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('outlives a client that hangs up in the middle of a message', async () => {
    const trouble = connect(sink.port, '127.0.0.1');
    await once(trouble, 'data');
    for (const line of ['EHLO example.com', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA']) {
      trouble.write(`${line}\r\n`);
      await once(trouble, 'data');
    }
    trouble.write('Subject: half');
    trouble.resetAndDestroy();
    await send(plain);
    expect(sink.list().map(({ subject }) => subject)).toEqual(['Gateway']);
  });
});
