-- Each queue has a hand-over of its own, steps know their site, and of an ordering key only the head stands in the index
-- of what is due: the cost of a round no longer grows with what waits.

alter table effect
  add column site    text not null default '',      -- the site whose workers alone may take it; '' for any
  add column blocked boolean not null default false; -- waits behind another of its ordering key, out of the index

update effect set queue = 'steps', site = substr(queue, 7) where queue like 'steps-%';
update effect set queue = 'escalation' where kind = 'escalation.fire' and state in ('pending', 'queued', 'running');
update effect set state = 'pending' where state = 'queued';

drop index effect_pending;
drop index effect_queued;
create index effect_due on effect (queue, site, due_at, id) where state = 'pending' and not blocked;
create index effect_queued on effect (queue, queued_at) where state = 'queued';

-- Whatever ends an effect lets the next of its ordering key into the index of what is due, not before the key's pace
-- allows, and wakes its queue. Whoever marks an effect as blocked holds the lock of the one that it waits for, so this
-- sees the mark.
create function effect_free_next() returns trigger language plpgsql as $$
declare
  head record;
  pace timestamptz;
begin
  select id, queue, site, state into head from effect
    where ordering_key = new.ordering_key and state in ('pending', 'queued', 'running') order by id limit 1;
  if head.state is distinct from 'pending' then
    return null;
  end if;
  select paced_until into pace from lane where key = new.ordering_key;
  update effect set blocked = false, due_at = greatest(due_at, pace)
    where id = head.id and state = 'pending' and (blocked or due_at < pace);
  perform pg_notify('lifeboat_effect', head.queue || '/' || head.site);
  return null;
end $$;

create trigger effect_free_next after update of state on effect for each row
  when (new.ordering_key is not null
        and old.state in ('pending', 'queued', 'running') and new.state not in ('pending', 'queued', 'running'))
  execute function effect_free_next();
