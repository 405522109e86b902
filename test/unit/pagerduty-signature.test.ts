import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyPagerDutySignature } from '../../src/web/pagerduty-signature.ts';

const body = '{"event":{"id":"1","data":{"title":"Größe ✓"}}}';
const sign = (secret: string, text: string = body): string =>
  `v1=${createHmac('sha256', secret).update(text).digest('hex')}`;

describe('the PagerDuty signature', () => {
  it('is computed as HMAC-SHA256 of the raw body', () => {
    // A known vector (RFC 4231, test case 2), so that the test does not only agree with itself.
    const vector = 'v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(verifyPagerDutySignature('what do ya want for nothing?', vector, ['Jefe'])).toBe(true);
  });

  it('fits the same body as text and as bytes', () => {
    expect(verifyPagerDutySignature(body, sign('s1'), ['s1'])).toBe(true);
    expect(verifyPagerDutySignature(Buffer.from(body), sign('s1'), ['s1'])).toBe(true);
  });

  it('fits when any signature fits any secret, as during a rotation', () => {
    expect(verifyPagerDutySignature(body, `${sign('old')},${sign('new')}`, ['new'])).toBe(true);
    expect(verifyPagerDutySignature(body, `${sign('old')}, ${sign('new')}`, ['old'])).toBe(true);
    expect(verifyPagerDutySignature(body, sign('new'), ['old', 'new'])).toBe(true);
    expect(verifyPagerDutySignature(body, `${sign('a')},${sign('b')}`, ['c', 'd'])).toBe(false);
  });

  it('does not fit a body that was changed by one byte', () => {
    expect(verifyPagerDutySignature(`${body} `, sign('s1'), ['s1'])).toBe(false);
    expect(verifyPagerDutySignature(body.replace('1', '2'), sign('s1'), ['s1'])).toBe(false);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['without a version', sign('s1').slice(3)],
    ['of another version', sign('s1').replace('v1', 'v0')],
    ['too short', sign('s1').slice(0, -1)],
    ['too long', `${sign('s1')}0`],
    ['not hexadecimal', `v1=${'g'.repeat(64)}`],
    ['only commas', ',,,'],
  ])('is refused when it is %s', (_what, header) => {
    expect(verifyPagerDutySignature(body, header, ['s1'])).toBe(false);
  });

  it('is refused when there is no secret, or an empty one that anybody could sign with', () => {
    expect(verifyPagerDutySignature(body, sign('s1'), [])).toBe(false);
    expect(verifyPagerDutySignature(body, sign(''), [''])).toBe(false);
    expect(verifyPagerDutySignature(body, `${sign('')},${sign('s1')}`, ['', 's1'])).toBe(true);
  });
});
