import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Says whether a webhook v3 body was signed with one of the subscription's secrets, in constant time.
 * `header` is X-PagerDuty-Signature: comma-separated `v1=<64 hex digits>`, several while a secret is being rotated.
 * Empty secrets never match: anybody could sign with them.
 */
export function verifyPagerDutySignature(
  rawBody: Buffer | string,
  header: string | undefined,
  secrets: string[],
): boolean {
  const given = (header ?? '').split(',').flatMap((part) => {
    const hex = /^v1=([0-9a-f]{64})$/i.exec(part.trim())?.[1];
    return hex === undefined ? [] : [Buffer.from(hex, 'hex')];
  });
  let genuine = false;
  for (const secret of secrets.filter((one) => one !== '')) {
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    // No early exit: the time must not tell which secret or signature fitted.
    for (const one of given) genuine = timingSafeEqual(one, expected) || genuine;
  }
  return genuine;
}
