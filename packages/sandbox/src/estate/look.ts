import { messageOf } from '../sandbox-error.ts';
import type { ServiceTile } from '../page/protocol.ts';

/** What one look at a service's health told. */
export interface Sight {
  health: ServiceTile['health'];
  reason: string;
  /** What the service calls its own state: ok, degraded, corrupt, failed; null without an answer. */
  status: string | null;
  /** The process that answered. */
  pid: number | null;
  /** Nobody listens: the process is gone, or refuses. */
  refused: boolean;
}

/** Longer than a slow service takes, so that slow and silent are two things. */
const PATIENCE_MS = 4500;

/** Asks a service how it is; never throws. */
export async function look(url: string, signal: AbortSignal): Promise<Sight> {
  const begun = performance.now();
  // A controller of its own: a time limit that only a composed signal holds may be collected before it strikes.
  const limit = new AbortController();
  const giveUp = (): void => limit.abort();
  const timer = setTimeout(giveUp, PATIENCE_MS);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const response = await fetch(url, { signal: limit.signal });
    const body = read(await response.text());
    return judge(response.status, body, Math.round(performance.now() - begun));
  } catch (error) {
    if (limit.signal.aborted) return silent('takes connections, but does not answer', false);
    const refused = rootOf(error) === 'ECONNREFUSED';
    return silent(refused ? 'connection refused' : `the connection broke: ${rootOf(error)}`, refused);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

interface Answer {
  status: string | null;
  reason: string | null;
  pid: number | null;
}

function judge(code: number, { status, reason, pid }: Answer, ms: number): Sight {
  const seen = { status, pid, refused: false };
  if (code === 200) return { ...seen, health: 'up', reason: `healthy, ${ms} ms` };
  // Degraded works in part, or waits for others; whatever else it says of itself, nobody should rely on it.
  if (status === 'degraded') return { ...seen, health: 'degraded', reason: reason ?? 'degraded' };
  return { ...seen, health: 'down', reason: reason === null ? `answers ${code}` : `answers ${code}: ${reason}` };
}

const silent = (reason: string, refused: boolean): Sight => ({
  ...{ health: 'down', reason, refused },
  ...{ status: null, pid: null },
});

function read(text: string): Answer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const word = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const { status, reason, pid } = fields;
  return { status: word(status), reason: word(reason), pid: typeof pid === 'number' ? pid : null };
}

/** fetch says only that it failed; why is in its cause. */
function rootOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code;
  return messageOf(error);
}
