import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/runtime/redact.ts';

const SECRET = '8f31c0aa-Signing/Secret+of~ours';
const KEY = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'PLANTEDpAIBAAKCAQEA',
  'PLANTED8q6iJhd2Psu',
  '-----END RSA PRIVATE KEY-----',
];

function streamed(pieces: string[]): string {
  const stream = createRedactor([SECRET]).stream();
  return pieces.map((piece) => stream.push(piece)).join('') + stream.end();
}

/** Cuts a text at places anywhere. */
const cutAnywhere = (text: string) =>
  fc.uniqueArray(fc.nat(text.length), { maxLength: 12 }).map((places) => {
    const at = [0, ...places.sort((a, b) => a - b), text.length];
    return at.slice(1).map((end, index) => text.slice(at[index], end));
  });

test('a private key that is printed line by line is hidden, and what follows it is not', () => {
  const clean = streamed(['start\n', ...KEY.map((line) => `${line}\n`), 'done\n']);
  expect(clean).toBe(`start\n${REDACTED}\ndone\n`);
});

test('a key behind time stamps is hidden too', () => {
  expect(streamed(KEY.map((line) => `12:00:01 db | ${line}\n`))).not.toContain('PLANTED');
});

test('a key without an end hides no more than a key is long', () => {
  const clean = streamed([`${KEY[0]}\n`, ...Array.from({ length: 2000 }, (_, line) => `line ${line} of much else\n`)]);
  expect(clean).toContain('line 1999 of much else');
});

test('wherever a text is cut into pieces, each secret in it is hidden', () => {
  const text = [
    'first',
    ...KEY,
    `signed with ${SECRET} again ${Buffer.from(`x${SECRET}y`).toString('base64')}`,
    'DB_PASS=PLANTED xoxb-12-PLANTED \u001B[31mDB_\u001B[0mPASS=PLANTED',
    `parted ${SECRET.slice(0, 10)}\n  ${SECRET.slice(10)} here`,
    'last',
  ].join('\n');
  fc.assert(
    fc.property(cutAnywhere(text), (pieces) => {
      const clean = streamed(pieces);
      expect(clean).not.toMatch(/PLANTED|Signing|Secret/);
      expect(clean).toMatch(/^first\n[^]*\nlast$/);
    }),
  );
});

test('a secret anywhere in a line without end is hidden', () => {
  for (const secret of [SECRET, 'password=PLANTED-Secret', KEY.join(String.raw`\n`)]) {
    for (let before = 15_000; before < 18_000; before += 7) {
      const clean = streamed([`${'a '.repeat(before / 2)}${secret} ${'b '.repeat(6000)}`]);
      expect(clean, `${secret} after ${before}`).not.toMatch(/PLANTED|Secret/);
      expect(clean.endsWith('b b ')).toBe(true);
    }
  }
});

test('a line is shown as soon as it is whole', () => {
  const stream = createRedactor([SECRET]).stream();
  expect(stream.push('one\ntw')).toBe('one\n');
  expect(stream.push('o\n')).toBe('two\n');
  expect(stream.end()).toBe('');
});
