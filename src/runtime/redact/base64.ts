import { REDACTED } from './redacted.ts';

/** Text of 15 bytes and more: each of its groups of four begins with the high bits of a byte below 128. */
const ENCODED = /(?<![\w+/-])(?:[I-Za-f][\w+/-]{3})(?:[A-Za-f][\w+/-]{3}){4}[\w+/-]*={0,2}/g;
/** What base64 of text decodes to; of anything else the first bytes almost surely hold something different. */
const TEXT = /^[\t\n\r\x20-\x7e]{15}/;

/** Hides base64 of text in which `hide` finds something. */
export function hideEncoded(text: string, hide: (decoded: string) => string): string {
  return text.replace(ENCODED, (encoded) => {
    if (!TEXT.test(decode(encoded.slice(0, 20)))) return encoded;
    const decoded = decode(encoded);
    return hide(decoded) === decoded ? encoded : REDACTED;
  });
}

/** Node reads the alphabet of addresses too. */
const decode = (encoded: string): string => Buffer.from(encoded, 'base64').toString('latin1');
