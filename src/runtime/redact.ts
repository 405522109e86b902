import { hideEncoded } from './redact/base64.ts';
import { PrivateKeys } from './redact/keys.ts';
import { KnownSecrets } from './redact/known.ts';
import { SHAPES } from './redact/shapes.ts';
import { RedactedStream } from './redact/stream.ts';
import { redactValue } from './redact/value.ts';

export { REDACTED } from './redact/redacted.ts';

/** Takes secrets out of what comes from outside: configured ones wherever they stand, and what looks like a known kind. */
export interface Redactor {
  text(text: string): string;
  /** A copy of `value` as plain data, in which secret-named keys and secrets inside texts are replaced, at any depth. */
  value(value: unknown): unknown;
  /** For text that comes in pieces, which may part a secret. */
  stream(): TextStream;
}

export interface TextStream {
  /** Takes a piece that may end anywhere; gives what can be shown now. */
  push(text: string): string;
  /** Gives the rest. */
  end(): string;
}

export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = new KnownSecrets(secrets);
  const shapes = (text: string): string => hideKinds(hideEncoded(known.hide(text), hideKinds));
  const text = (whole: string): string => shapes(new PrivateKeys().hide(whole));
  return {
    text,
    value: (value) => redactValue(value, text),
    stream: () => new RedactedStream(known, shapes),
  };
}

const hideKinds = (text: string): string => SHAPES.reduce((clean, shape) => shape(clean), text);

const plain = createRedactor();
/** Takes out everything that looks like a known kind of secret. */
export const redactText = (text: string): string => plain.text(text);
/** The same in every text of a value. */
export const redact = (value: unknown): unknown => plain.value(value);
