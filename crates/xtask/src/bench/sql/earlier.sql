-- Tables as the earlier system had them, against which writing is measured: an event has a random uuid as its key, five
-- secondary indexes and a foreign key; an assignment is unique for visitor and experiment.
create table experiments (id uuid primary key, name varchar(255) not null);
insert into experiments values ('01980000-0000-7000-8000-000000000001', 'Landing Page Theme');

create table events
(
    id            uuid primary key,
    visitor_id    varchar(255) not null,
    experiment_id uuid references experiments (id),
    variant       varchar(255),
    event_type    varchar(100) not null,
    event_name    varchar(255),
    metadata      jsonb,
    page_url      text,
    user_agent    text,
    created_at    timestamptz  not null
);
create index on events (visitor_id);
create index on events (experiment_id);
create index on events (variant);
create index on events (event_type);
create index on events (created_at);

create table assignments
(
    id            uuid primary key,
    visitor_id    varchar(255) not null,
    experiment_id uuid         not null references experiments (id),
    variant       varchar(255) not null,
    created_at    timestamptz  not null,
    unique (visitor_id, experiment_id)
);
