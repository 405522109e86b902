-- How often an escalation has begun again after its last level.
alter table incident add column ladder_round integer not null default 0;
-- When an acknowledgement was lost, by a raise of the severity or by the pager: from then on nobody answers.
alter table incident add column unanswered_from timestamptz;
-- Audiences that were told of the incident; they stay told until its end.
alter table incident add column told text[] not null default '{}';
-- The last end of the recovery time objective that was said.
alter table incident add column rto_said timestamptz;
