-- When people expect it to be over, who said so and when; null while nobody has.
alter table incident add column expected_at timestamptz;
alter table incident add column expected_by text;
alter table incident add column expected_said_at timestamptz;
alter table incident add column expected_reason text;

-- What a reader was told last by the automatic update.
create index effect_update on effect (incident_id, id) where kind = 'update.post' and state = 'done';
