import type pg from 'pg';

/** How much is over, of everything that grows; what lives beside it does not grow. */
export interface History {
  incidents: number;
  effects: number;
  runs: number;
}

const LIVE = 50;

/** Fills a new database with what is over and a little that lives, and brings the statistics up to date. */
export async function writeHistory(pool: pg.Pool, { incidents, effects, runs }: History): Promise<void> {
  const insert = (text: string, values: unknown[] = []): Promise<unknown> => pool.query(text, values);
  const all = incidents + LIVE;
  await insert(
    `insert into incident (name, title, severity, state, declared_by, declared_at, resolved_at, closed_at, channel)
     select 'inc-' || n, 'title', 'P1', case when n > $1 then 'open' else 'closed' end, 'slack:U1',
            now() - interval '2 days' - n * interval '1 minute',
            case when n <= $1 then now() - interval '30 days' - n * interval '1 minute' end,
            case when n <= $1 then now() - interval '29 days' end, 'C' || n
     from generate_series(1, $2) n`,
    [incidents, all],
  );
  const incidentOf = `1 + n % (select max(id) from incident)`;
  const liveIncident = `(select max(id) from incident) - n % ${LIVE}`;
  await insert(
    `insert into effect (key, kind, queue, incident_id, payload, ordering_key, due_at, state, finished_at)
     select 'over:' || n, (array['message.post','step.run','cadence.fire','pager.send'])[1 + n % 4],
            (array['chat','steps','timers','pages'])[1 + n % 4], ${incidentOf}, '{"run": 1}', 'incident:' || n % 1000,
            now() - interval '1 day', case when n % 20 = 0 then 'cancelled' else 'done' end, now() - interval '1 day'
     from generate_series(1, $1) n`,
    [effects],
  );
  await insert(
    `insert into effect (key, kind, queue, incident_id, payload, due_at, state)
     select 'live:' || n, 'cadence.fire', 'timers', ${liveIncident}, '{}', now() + interval '1 hour', 'pending'
     from generate_series(1, $1) n`,
    [LIVE],
  );
  await insert(`insert into plan (digest, body) select 'digest' || n, '{}' from generate_series(1, $1) n`, [
    runs + LIVE,
  ]);
  await insert(
    `insert into run (incident_id, plan_digest, name, requested_by, state, remaining, started_at, finished_at)
     select ${incidentOf}, 'digest' || n, 'runbook', 'slack:U1', case when n > $1 then 'running' else 'succeeded' end, 0,
            now() - interval '1 day', case when n <= $1 then now() end from generate_series(1, $2) n`,
    [runs, runs + LIVE],
  );
  await insert(
    `insert into step (run_id, step_id, ord, phase, state, waiting, finished_at)
     select r.id, 's' || n, n, 'main', 'succeeded', 0, now() from run r, generate_series(1, 10) n`,
  );
  await insert(
    `insert into step_output (run_id, step_id, attempt, stream, text)
     select r.id, 's' || n, 1, 'stdout', 'line' from run r, generate_series(1, 5) n`,
  );
  await insert(
    `insert into approval (id, incident_id, run_id, step_id, kind, plan_digest, approvers, min_approvals,
                           exclude_requester, created_at, state)
     select 'a' || r.id, r.incident_id, r.id, 's1', 'approval', r.plan_digest, '{ic}', 1, true, now(),
            case when r.finished_at is null then 'open' else 'approved' end from run r`,
  );
  await insert(
    `insert into approval_decision (approval_id, person, decision, at) select id, 'slack:U1', 'approve', now() from approval`,
  );
  await insert(
    `insert into event (incident_id, seq, at, kind, actor, data, prev_hash, hash)
     select i.id, n, now(), 'note.added', 'slack:U1', '{}', '', '' from incident i, generate_series(1, 5) n`,
  );
  await insert(
    `insert into page (dedup_key, incident_id, ladder, level, role, people, created_at)
     select 'p' || id, id, 1, 1, 'ic', '{}', now() from incident`,
  );
  await insert(
    `insert into role_assignment (incident_id, role, person, at) select id, 'ic', 'slack:U1', now() from incident`,
  );
  await insert(`insert into inbound (key, source) select 'r' || n, 'slack' from generate_series(1, $1) n`, [effects]);
  await insert(
    `insert into lane (key, paced_until) select 'incident:' || n, now() - interval '1 day' from generate_series(1, $1) n`,
    [incidents],
  );
  await insert('vacuum analyze');
}
