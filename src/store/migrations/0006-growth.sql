-- No statement's cost grows with history: what is looked for among what is over has an index that holds only that.

create index incident_resolved on incident (resolved_at) where resolved_at is not null;
create index effect_trouble on effect (incident_id) where state in ('failed', 'unknown');
create index effect_step on effect (incident_id) where kind in ('step.run', 'step.wake', 'recovery.assess')
  and state in ('pending', 'queued', 'running');
create index lane_paced on lane (paced_until);
