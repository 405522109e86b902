import { messageOf } from '../runtime/errors.ts';
import { connectionReason } from './connection-reason.ts';

/** Codes of failures before any byte of the request left: no name, no connection, no trusted peer. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_INVALID_ARG|UND_ERR_REQ_CONTENT_LENGTH_MISMATCH|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/** True when the request surely never reached the server. */
export function neverSent(error: unknown): boolean {
  const causes = chain(error);
  return causes.some((cause) => {
    // The fetch standard keeps some ports closed and gives that refusal no code.
    if (cause.message === 'bad port') return true;
    return 'code' in cause && typeof cause.code === 'string' && BEFORE_SENDING.test(cause.code);
  });
}

/** The words of the innermost cause; fetch itself says only "fetch failed". */
export function rootCause(error: unknown): string {
  const last = chain(error).at(-1);
  return last === undefined ? messageOf(error) : connectionReason(last);
}

function chain(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at);
  return causes;
}
