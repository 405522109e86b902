import { randomUUID } from 'node:crypto';
import PostalMime, { type Address } from 'postal-mime';
import type { Mail } from './mail.ts';

/** Reads a message as a mail program would; `at` is when it came, in ms since 1970. */
export async function parseMail(raw: Buffer, envelope: { from: string; to: string[] }, at: number): Promise<Mail> {
  const { from, subject = '', text = '', html } = await PostalMime.parse(raw);
  return {
    id: randomUUID(),
    at,
    from: from ? written(from) : envelope.from,
    to: envelope.to,
    subject,
    text: text.trimEnd(),
    html: html?.trimEnd() ?? null,
  };
}

const written = ({ name, address }: Address): string =>
  address === undefined || name === '' ? (address ?? name) : `${name} <${address}>`;
