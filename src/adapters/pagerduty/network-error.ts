/**
 * Codes of errors before a request was sent: it surely had no effect.
 * Sources: Node's errors of dns, net and tls; undici's connect time-out.
 */
const NOT_SENT = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_INVALID_URL',
];

/** The code in an error of `fetch` or of node-pagerduty, which keeps only the text of its cause. */
export function networkCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return networkCode(at.errors[0]);
    if (at.name === 'TimeoutError') return 'time-out';
    const told = /\b(E[A-Z_]{4,}|[A-Z]+_[A-Z_]+|socket hang up|time-out)\b/.exec(at.message)?.[1];
    if (told !== undefined) return told;
  }
  return 'no answer';
}

export const surelyNotSent = (code: string): boolean => NOT_SENT.includes(code);
