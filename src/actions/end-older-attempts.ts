import type { LeftBehind } from '../domain/run/take-over.ts';
import type { AttemptId } from '../ports/action.ts';
import { ownGroup, removeEmptyGroups } from './control-group.ts';
import { GROUP_PREFIX } from './process-mark.ts';
import { endFamily, type Ending } from './process-family.ts';
import { describeProcess, type RunningProcess } from './process-table.ts';

/** What is known of a worker by its name. */
export interface WorkerLookup {
  /** Whether its processes can be seen from here: the same boot of the same machine, the same pid namespace. */
  isHere(worker: string): boolean;
  /** Whether it lives here besides this process, and may go on with what it began. */
  mayGoOn(worker: string): boolean;
  /** For people: which process on which machine. */
  describe(worker: string): string;
}

const ENDING: Ending = { grace_ms: 2_000, patience_ms: 3_000 };

/**
 * Ends what older attempts of an effect left running, and waits until it is gone: a frozen or killed worker's program
 * goes on without it. `left_by` are the workers that lost the effect without having said that theirs is over.
 */
export async function endOlderAttempts(
  { effect, fence }: AttemptId,
  left_by: readonly string[],
  workers: WorkerLookup,
  ending: Ending = ENDING,
): Promise<LeftBehind> {
  const here = left_by.filter((worker) => workers.isHere(worker));
  let ended = new Set<number>();
  const isOlder = ({ pid, mark }: RunningProcess): boolean => {
    const older =
      mark !== null && here.includes(mark.owner) && mark.attempt?.effect === effect && mark.attempt.fence < fence;
    if (older) ended.add(pid);
    return older;
  };
  const alive = here.length === 0 ? [] : await endFamily(isOlder, ending);
  const parent = ownGroup();
  if (here.length > 0 && parent !== null) await removeEmptyGroups(parent, GROUP_PREFIX);
  ended = new Set([...ended].filter((pid) => !alive.some((each) => each.pid === pid)));
  return {
    ended: ended.size,
    alive: alive.map(describeProcess),
    elsewhere: left_by.filter((worker) => !workers.isHere(worker)).map((worker) => workers.describe(worker)),
    frozen: here.filter((worker) => workers.mayGoOn(worker)).map((worker) => workers.describe(worker)),
    blind: here.length > 0 && parent === null,
  };
}
