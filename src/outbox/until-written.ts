import { setTimeout as sleep } from 'node:timers/promises';
import { isAway, isLostRace } from '../postgres/db.ts';

export interface WritePatience {
  /** From the first write that failed, however long the work took before it; leases are renewed meanwhile. */
  patience_ms: number;
  pause_ms: number;
}

/** Longer than a restart of the database; whoever waits behind this effect waits no longer than that. */
export const WRITE_PATIENCE: WritePatience = { patience_ms: 60_000, pause_ms: 200 };

/** Repeats a write while the database is away; `before` is when the write that went through began (performance.now). */
export async function untilWritten<T>(
  write: () => Promise<T>,
  { patience_ms, pause_ms }: WritePatience = WRITE_PATIENCE,
): Promise<{ written: T; before: number }> {
  let failing: number | undefined;
  for (;;) {
    const before = performance.now();
    try {
      return { written: await write(), before };
    } catch (error) {
      failing ??= before;
      const again = isAway(error) || isLostRace(error);
      if (!again || performance.now() - failing > patience_ms) throw error;
      await sleep(pause_ms);
    }
  }
}
