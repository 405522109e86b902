import { messageOf } from '../runtime/errors.ts';

/** What a failure of the network means, by the code that Node gives it. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found, since the name server does not answer',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  EHOSTUNREACH: 'host not reachable',
  ENETUNREACH: 'network not reachable',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the server closed the connection',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
};

/** Why a connection failed, in words with the code behind; Node gives a name of several addresses as an AggregateError. */
export function connectionReason(error: Error): string {
  if (error instanceof AggregateError) {
    const each = error.errors.map((one: unknown) => (one instanceof Error ? connectionReason(one) : messageOf(one)));
    return [...new Set(each)].join('; ');
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const words = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  if (words === undefined) return error.message;
  const address = /(\d+\.\d+\.\d+\.\d+:\d+|[0-9a-f:]+:\d+)$/.exec(error.message)?.[1];
  return `${words} (${code}${address === undefined ? '' : ` ${address}`})`;
}
