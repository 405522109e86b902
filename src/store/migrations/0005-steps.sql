-- What may have happened stays known: for each step whether an attempt may have done it, for each effect which workers
-- lost it without having said that theirs is over. `cancelled` has one spelling.

alter table step add column happened boolean not null default false;
update step set happened = true where state in ('succeeded', 'timed_out', 'unknown');
update step set state = 'cancelled' where state = 'canceled';

alter table approval drop constraint approval_state_check;
update approval set state = 'cancelled' where state = 'canceled';
alter table approval add constraint approval_state_check
  check (state in ('open', 'approved', 'denied', 'expired', 'cancelled'));

alter table effect add column left_by text[] not null default '{}';
