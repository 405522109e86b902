import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, retry } from '../../domain/effect/outcome.ts';
import type { Search } from '../../ports/chat.ts';
import type { Posted } from './post.ts';

/** The history lags behind posts by a time that Slack does not name: pauses between readings, in ms. */
const PAUSES_MS = [1_000, 2_000];
/** An urgent message is posted again when so many readings failed, over at least so long, in ms. */
const FAILED_READS = 4;
const UNREADABLE_MS = 15_000;
/** Messages in doubt at one time; beyond that their readings are counted anew. */
const REMEMBERED = 10_000;

interface Readings {
  absent: number;
  failed: number;
  /** When the first reading failed, in ms. */
  failing: number;
}

export interface Absence {
  /** What one reading of the history means for the message: found, surely absent, or to be read again. */
  judge(search: Search, reading: Outcome<Posted | null>): Outcome<Posted | null>;
  /** Another attempt to post makes the earlier readings void. */
  forget(key: string): void;
}

/** Counts readings by key: a message is absent only when three readings in a row of time did not show it. */
export function createAbsence(now: () => number = () => performance.now()): Absence {
  const known = new Map<string, Readings>();
  return {
    forget: (key) => void known.delete(key),
    judge({ key, urgent = false }, reading) {
      const readings = known.get(key) ?? { absent: 0, failed: 0, failing: now() };
      known.delete(key);
      if (reading.kind === 'rejected' || (reading.kind === 'done' && reading.value !== null)) return reading;
      const verdict = reading.kind === 'done' ? absent(readings) : failed(readings, reading, urgent, now());
      if (verdict.kind !== 'done') {
        if (known.size >= REMEMBERED) known.clear();
        known.set(key, readings);
      }
      return verdict;
    },
  };
}

function absent(readings: Readings): Outcome<null> {
  const pause = PAUSES_MS[readings.absent];
  readings.absent += 1;
  readings.failed = 0;
  if (pause === undefined) return done(null);
  return retry(
    `the history does not show the message yet, reading ${readings.absent} of ${PAUSES_MS.length + 1}`,
    pause,
  );
}

/** Losing an urgent message is worse than showing it twice, but only after the history had its time. */
function failed(
  readings: Readings,
  reading: Outcome<Posted | null>,
  urgent: boolean,
  now: number,
): Outcome<Posted | null> {
  if (readings.failed === 0) readings.failing = now;
  readings.failed += 1;
  if (urgent && readings.failed >= FAILED_READS && now - readings.failing >= UNREADABLE_MS) return done(null);
  return reading;
}
