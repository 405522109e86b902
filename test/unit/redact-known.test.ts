import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/runtime/redact.ts';

const SECRET = '8f31c0aa-Signing/Secret+of~ours';
const redactor = createRedactor([SECRET, 'pager-key-77aa']);

const around = fc.string({ unit: 'binary', maxLength: 40 });

test('a configured secret has no shape and is found in base64 at every alignment, with and without padding', () => {
  fc.assert(
    fc.property(around, around, fc.constantFrom<BufferEncoding>('base64', 'base64url'), (before, after, encoding) => {
      const encoded = Buffer.from(before + SECRET + after).toString(encoding);
      const clean = redactor.text(`value: ${encoded.replace(/=+$/, '')} end`);
      expect(clean).toContain(REDACTED);
      expect(clean).not.toContain(encoded.slice(40, 60) || encoded);
    }),
  );
});

test('a configured secret is found in an address, in JSON, and where a line break parts it', () => {
  const json = createRedactor(['with "quotes" and \\']).text(JSON.stringify({ x: 'with "quotes" and \\' }));
  expect(json).toBe(`{"x":"${REDACTED}"}`);
  expect(redactor.text(`?sig=${encodeURIComponent(SECRET)}&n=1`)).toBe(`?sig=${REDACTED}&n=1`);
  expect(redactor.text(`a ${SECRET.slice(0, 9)}\r\n   ${SECRET.slice(9)} b`)).toBe(`a ${REDACTED} b`);
  const wrapped = Buffer.from(`${'x'.repeat(50)}${SECRET}`)
    .toString('base64')
    .replaceAll(/.{20}/g, '$&\n');
  expect(redactor.text(wrapped)).toContain(REDACTED);
  expect(redactor.text(wrapped).length).toBeLessThan(wrapped.length / 2);
});

test('of a text that was cut inside a configured secret nothing of it is left', () => {
  for (let at = 8; at <= SECRET.length - 8; at += 1) {
    expect(redactor.text(`login with ${SECRET.slice(0, at)}`)).toBe(`login with ${REDACTED}`);
    expect(redactor.text(`login with ${SECRET.slice(0, at)}…`)).toBe(`login with ${REDACTED}…`);
    expect(redactor.text(`${SECRET.slice(at)} was refused`)).toBe(`${REDACTED} was refused`);
  }
});

test('what holds no secret stays as it is, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(createRedactor(['Z9-none-of-this-occurs']).text(text)).toBe(createRedactor().text(text));
    }),
  );
});

test('redacting twice changes nothing more', () => {
  const once = redactor.text(`password=x token: ${SECRET} PGPASSWORD=y {"secret":"z"}`);
  expect(redactor.text(once)).toBe(once);
});
