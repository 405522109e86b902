import type { IncomingMessage } from 'node:http';

/**
 * Why a request is refused, or null. The page acts for every person of the workspace, so no other site that is open in
 * the same browser may reach it: not by a name that leads here (Host), nor across origins (Origin).
 */
export function refusal(request: IncomingMessage, port: number): string | null {
  const { host, origin } = request.headers;
  // Of two Host headers this server reads the first, and whatever stands before it may have read the other.
  const named = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (named.length !== 1) return `a request names one host, not ${named.length}`;
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  if (host === undefined || !hosts.includes(host))
    return `this sandbox is ${hosts[0] ?? ''}, not ${host ?? 'nameless'}`;
  if (origin !== undefined && origin !== `http://${host}`) return `requests from ${origin} are refused`;
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  if (changes && origin === undefined) return 'a change needs an Origin';
  if (changes && request.headers['content-type'] !== 'application/json') return 'a change is JSON';
  return null;
}

/** Nothing is loaded from anywhere else, and nobody else may frame the page. */
export const SECURITY_HEADERS: Record<string, string> = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
