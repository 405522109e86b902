import { rows, type Tx } from '../../postgres/db.ts';

/**
 * Takes back the steps of a run that were handed over and that no worker has begun, and says which attempts they were.
 * Their keys become free, since the same attempts are handed over anew when the run goes on. An interrupted attempt stays:
 * what became of it must be found out.
 */
export function holdUnbegun(tx: Tx, run: number): Promise<{ step: string; attempt: number }[]> {
  return rows(
    tx,
    'hold-unbegun',
    `with unbegun as (
       select id from effect
       where kind = 'step.run' and state in ('pending', 'queued') and unknown_since is null and not cancel_requested
         and incident_id = (select incident_id from run where id = $1) and (payload->>'run')::integer = $1
       order by id for update)
     update effect e set state = 'cancelled', key = e.key || ':held@' || e.id, finished_at = clock_timestamp()
     from unbegun where e.id = unbegun.id
     returning e.payload->>'step' as step, (e.payload->>'attempt')::integer as attempt`,
    [run],
  );
}
