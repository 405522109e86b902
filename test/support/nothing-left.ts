import { afterAll } from 'vitest';
import { unexpectedLogs } from './expected-logs.ts';
import { waitFor } from './wait-for.ts';

/*
 * Runs around every test file. Files share a process, so what one leaves open belongs to the next; and a complaint in the
 * program's log that nobody expected is a fault that no assertion saw.
 */

/** A socket, server or process that ends takes a moment to be gone, in ms. */
const PATIENCE_MS = 5000;

const COUNTED = /^(TCP|Pipe|UDP|TLS|Process|Timeout|StatWatcher|FSEvent|MessagePort|Worker)/;
const before = counts();
unexpectedLogs();

afterAll(async () => {
  let left = leftOpen();
  await waitFor('everything to be closed', () => (left = leftOpen()).length === 0, { timeoutMs: PATIENCE_MS }).catch(
    () => undefined,
  );
  const complaints = unexpectedLogs();
  if (left.length > 0) throw new Error(`this file left open: ${left.join(', ')}. ${describeHandles()}`);
  if (complaints.length > 0)
    throw new Error(`the program's log has lines that no test expects (expectLogs):\n${complaints.join('\n')}`);
});

/** What keeps this process alive beyond what did before the file, by kind. */
function leftOpen(): string[] {
  return [...counts()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} × ${kind}`] : [];
  });
}

function counts(): Map<string, number> {
  const found = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (COUNTED.test(kind)) found.set(kind, (found.get(kind) ?? 0) + 1);
  return found;
}

/** Node knows more than it documents: addresses and pids, for whoever looks for the culprit. */
function describeHandles(): string {
  if (!('_getActiveHandles' in process) || typeof process._getActiveHandles !== 'function') return '';
  const handles = (process._getActiveHandles as () => object[])();
  return handles
    .map((handle) => {
      const about = { ...handle } as Record<string, unknown>;
      const at = 'remotePort' in handle ? ` to port ${String(handle.remotePort)}` : '';
      const pid = 'pid' in handle ? ` ${String(handle.pid)} ${JSON.stringify(about['spawnfile'] ?? '')}` : '';
      return `${handle.constructor.name}${at}${pid}`;
    })
    .join(', ');
}
