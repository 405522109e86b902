-- BullMQ's queues stand in its own schema `bullmq` now, where all of them share one connection. What the old one held is
-- only a copy: effects that were handed over and not done are claimed from `effect`.
drop schema if exists lifeboat_bullmq cascade;
