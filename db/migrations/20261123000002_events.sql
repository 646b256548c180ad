-- What visitors did. Owner: metrics.
--
-- No foreign key to experiments: history outlives them, and an event for one that nobody knows is stored all the same.

create table events
(
    -- Version 7 when we make it; a client may send its own, and the same id again is the same event.
    id            uuid        not null,
    visitor_id    text        not null,
    experiment_id uuid,
    variant       text,
    event_type    text        not null,
    event_name    text,
    metadata      jsonb       not null default '{}',
    page_url      text,
    user_agent    text,
    -- When the event was recorded, by our clock: clients' clocks are not to be trusted.
    created_at    timestamptz not null,
    -- The visitor is part of the key, so that a cluster can keep each visitor's events on one node.
    constraint events_pkey primary key (id, visitor_id),
    constraint events_metadata_is_object check (jsonb_typeof(metadata) = 'object')
);

-- The log is read newest first, whole or of one experiment.
create index events_created_at_idx on events (created_at desc, id desc);
create index events_experiment_created_at_idx on events (experiment_id, created_at desc, id desc);
