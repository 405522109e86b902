-- The words of incidents, for `/dr incident`: full text is built into every PostgreSQL, `simple` knows no language. The
-- expression is that of src/store/incident/search.ts. Without fastupdate no declaration waits for a list that is full.
create index event_words on event using gin (
  to_tsvector('simple', coalesce(data->>'title', '') || ' ' || coalesce(data->>'description', '') || ' ' ||
                        coalesce(data->>'text', '') || ' ' || coalesce(data->>'summary', ''))
) with (fastupdate = off)
  where kind in ('incident.declared', 'update.posted', 'note.added', 'incident.resolved');

-- Who declared, acknowledged or resolved, and who ever held a role. An actor of the pager may carry a name: two parts count.
create index event_person on event ((split_part(actor, ':', 1) || ':' || split_part(actor, ':', 2)), incident_id)
  where kind in ('incident.declared', 'incident.acknowledged', 'incident.resolved');
create index event_role_person on event
  ((split_part(data->>'person', ':', 1) || ':' || split_part(data->>'person', ':', 2)), incident_id)
  where kind = 'role.assigned';

create index incident_service on incident (service, id) where service is not null;
create index incident_severity on incident (severity, id);
create index incident_declared on incident (declared_at);
