import type { IncomingMessage } from 'node:http';

/** Whether a program of this machine asks: pages of other sites send an Origin, or come by a name that leads here. */
export function isFromHere({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? '');
}
