-- An answer is one page's: who gave it, and when. The pager's own id of the page's incident is learned from its webhooks,
-- since some of them name nothing else.
alter table page add column answered_by text;
alter table page add column answered_at timestamptz;
alter table page add column pager_id text;
-- Until now one acknowledgement answered every page of its incident.
update page p set answered_by = i.acknowledged_by, answered_at = i.acknowledged_at
  from incident i where i.id = p.incident_id and p.state = 'acknowledged';
create index page_pager_id on page (pager_id) where pager_id is not null;

-- From when an escalation counts its distances: the declaration, later by the time in which it stood still because
-- somebody had acknowledged and the acknowledgement was taken back. Null: the declaration.
alter table incident add column ladder_from timestamptz;
