import { createJobs, type JobDeps } from '../jobs/index.ts';
import { createRecorderChat } from './recorders/recorder-chat.ts';
import { createRecorderPager } from './recorders/recorder-pager.ts';
import type { ClaimedRow } from './domain/effect/effect.ts';
import type { Job } from './ports/job.ts';
import { writeRecording } from './store/drill/recordings.ts';

/** What jobs of drills share with the others: nothing that reaches the outside. */
type DrillDeps = Pick<JobDeps, 'pool' | 'verbs' | 'urgent' | 'estate' | 'templates' | 'redactor'>;

/**
 * The jobs for one effect of a drill, which only write down what it would have sent. They have no actions: a drill runs no
 * steps. `notes`: whether the real pager takes any.
 */
export function createDrillJobs(deps: DrillDeps, notes: boolean): (row: ClaimedRow) => Job[] {
  return ({ id, incident_id, queue }) => {
    const { pool } = queue === 'pages' ? deps.urgent : deps;
    const write = (recording: Parameters<typeof writeRecording>[3]): Promise<string> =>
      writeRecording(pool, id, incident_id ?? 0, recording);
    return createJobs({
      ...deps,
      chat: createRecorderChat(write),
      pager: createRecorderPager(write, notes),
      actions: {},
      endOlder: () => Promise.resolve({ ended: 0, alive: [], elsewhere: [], frozen: [], blind: false }),
    });
  };
}
