-- Each pause of a run has a number: its message is posted once and edited from then on.
alter table run add column pauses integer not null default 0;
alter table run add column paused_by text;
