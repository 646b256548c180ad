-- What visitors sent with the contact form. Owner: metrics.
--
-- A table of its own beside the events, because a lead is a person's own words: it is read by the admin, exported and
-- erased one by one, while events are counted and never name anybody.

create table leads
(
    -- The client's own id, or ours: the same id again is the same lead.
    id            uuid        not null,
    email         text        not null,
    company       text,
    message       text,
    -- Unknown where the visitor asked not to be recorded and wrote to us all the same.
    visitor_id    text,
    -- Which page they wrote from. No foreign key: a lead outlives the experiment, like an event.
    experiment_id uuid,
    variant       text,
    created_at    timestamptz not null,
    constraint leads_pkey primary key (id)
);

-- The list is shown newest first, and pages by this pair.
create index leads_created_at_idx on leads (created_at desc, id desc);

-- Everything of one visitor, to be exported or erased on their wish.
create index leads_visitor_id_idx on leads (visitor_id) where visitor_id is not null;
