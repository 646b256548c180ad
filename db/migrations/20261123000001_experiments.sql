-- Experiments, the assignments of their visitors, and toggles. Owner: abtest.

create table experiments
(
    id            uuid        not null,
    name          text        not null,
    description   text        not null default '',
    -- In the listed order, which the assignment rule walks.
    variants      text[]      not null,
    -- Whole percents, one for each variant, in the same order.
    traffic_split smallint[]  not null,
    is_active     boolean     not null default true,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    constraint experiments_pkey primary key (id),
    constraint experiments_split_per_variant check (cardinality(variants) = cardinality(traffic_split))
);

-- The list is shown newest first.
create index experiments_created_at_idx on experiments (created_at desc, id desc);

create table assignments
(
    experiment_id uuid        not null,
    visitor_id    text        not null,
    variant       text        not null,
    created_at    timestamptz not null,
    -- At most one variant per visitor and experiment, even when two tabs open at once.
    -- Hence: insert with `on conflict do nothing`, then read back.
    constraint assignments_pkey primary key (experiment_id, visitor_id),
    constraint assignments_experiment_fkey foreign key (experiment_id) references experiments (id) on delete cascade
);

create table toggles
(
    id          uuid        not null,
    key         text        not null,
    name        text        not null,
    description text        not null default '',
    enabled     boolean     not null default true,
    -- Settings of what the toggle switches: always an object.
    config      jsonb       not null default '{}',
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint toggles_pkey primary key (id),
    constraint toggles_key_unique unique (key),
    constraint toggles_config_is_object check (jsonb_typeof(config) = 'object')
);

-- Remembers that first-start data was written, so that what a user deletes or changes never comes back.
create table seedings
(
    name       text        not null,
    created_at timestamptz not null default now(),
    constraint seedings_pkey primary key (name)
);
