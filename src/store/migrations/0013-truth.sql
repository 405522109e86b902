-- A run that ended without its checks is not one that succeeded.
alter table run drop constraint run_state_check;
alter table run add constraint run_state_check
  check (state in ('running', 'paused', 'succeeded', 'unverified', 'failed', 'aborted', 'rolled_back'));

-- The time of a request does not run while its run is paused: what was left of it then, in ms.
alter table approval add column left_ms integer;

-- Messages with buttons lose them once their question is over.
create index effect_buttoned on effect (incident_id) where kind = 'message.post'
  and payload->>'template' in ('page', 'escalation', 'page-failed', 'page-unconfirmed', 'recovery-asked');

create index approval_run on approval (run_id) where state = 'open';
