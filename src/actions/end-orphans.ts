import { setTimeout as sleep } from 'node:timers/promises';
import { findOrphans, killPid } from './process-group.ts';

const PATIENCE_MS = 2_000;

/**
 * Ends the programs of workers that were killed: in groups of their own they outlive their worker, and would go on
 * beside the repetition of their step. Waits until they are gone, at most two seconds.
 */
export async function endOrphans(isGone: (owner: string) => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const orphans = await findOrphans(isGone);
    if (orphans.length === 0 || performance.now() > deadline) return;
    for (const orphan of orphans) killPid(orphan, 'SIGKILL');
    await sleep(10);
  }
}
