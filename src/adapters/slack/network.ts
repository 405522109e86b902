import { messageOf } from '../../runtime/errors.ts';

/** Codes of failures before any byte of the request left: no name, no connection, no trusted peer. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/** True when the request surely never reached Slack. */
export const neverSent = (error: unknown): boolean =>
  causes(error).some((cause) => 'code' in cause && typeof cause.code === 'string' && BEFORE_SENDING.test(cause.code));

/** The words of the innermost cause; fetch itself says only "fetch failed". */
export function networkReason(error: unknown): string {
  const last = causes(error).at(-1);
  if (last instanceof AggregateError) return last.errors.map(messageOf).join('; ');
  return last === undefined ? messageOf(error) : last.message;
}

function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let at = error; at instanceof Error && found.length < 8; at = at.cause) found.push(at);
  return found;
}
