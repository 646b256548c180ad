-- A database as the earlier system left it: its tables, its first experiment and toggles, three visitors and what they
-- did. `alice` and `bob` have variants that no split would give them any more.

create table experiments
(
    id            uuid primary key      default gen_random_uuid(),
    name          varchar(255) not null,
    description   text                  default '',
    variants      jsonb        not null default '["control", "variant"]',
    traffic_split jsonb        not null default '{"control": 50, "variant": 50}',
    is_active     boolean      not null default true,
    created_at    timestamptz  not null default now(),
    updated_at    timestamptz  not null default now()
);

create table assignments
(
    id            uuid primary key      default gen_random_uuid(),
    experiment_id uuid         not null references experiments (id) on delete cascade,
    visitor_id    varchar(255) not null,
    variant       varchar(255) not null,
    created_at    timestamptz  not null default now(),
    unique (experiment_id, visitor_id)
);
create index idx_assignments_visitor on assignments (visitor_id);

create table feature_toggles
(
    id          uuid primary key      default gen_random_uuid(),
    name        varchar(255) not null,
    key         varchar(255) not null unique,
    description text                  default '',
    enabled     boolean      not null default false,
    config      jsonb                 default '{}',
    created_at  timestamptz  not null default now(),
    updated_at  timestamptz  not null default now()
);

create table events
(
    id            uuid primary key      default gen_random_uuid(),
    visitor_id    varchar(255) not null,
    experiment_id uuid references experiments (id) on delete set null,
    variant       varchar(255),
    event_type    varchar(100) not null,
    event_name    varchar(255),
    metadata      jsonb                 default '{}',
    page_url      text,
    user_agent    text,
    created_at    timestamptz  not null default now()
);
create index idx_events_visitor on events (visitor_id);
create index idx_events_created on events (created_at);

insert into experiments (id, name, description, variants, traffic_split, created_at, updated_at)
values ('22222222-2222-4222-8222-222222222222', 'Landing Page Theme', null, '["synthwave", "neon"]',
        '{"neon": 0, "synthwave": 100}', '2025-11-01T00:00:00Z', '2025-12-01T00:00:00Z'),
       ('33333333-3333-4333-8333-333333333333', 'Edited by hand', '', '["a", "b"]', '{"a": 70, "b": "half"}',
        '2025-11-02T00:00:00Z', '2025-11-02T00:00:00Z');

insert into assignments (experiment_id, visitor_id, variant, created_at)
values ('22222222-2222-4222-8222-222222222222', 'alice', 'neon', '2025-11-03T00:00:00Z'),
       ('22222222-2222-4222-8222-222222222222', 'bob', 'neon', '2025-11-03T00:00:00Z'),
       ('22222222-2222-4222-8222-222222222222', 'carol', 'synthwave', '2025-12-02T00:00:00Z');

insert into feature_toggles (name, key, description, enabled, config)
values ('Rain', 'matrix_rain', 'Rain', true, '{"speed": "medium", "density": 0.7}'),
       ('Glitch', 'hero_glitch', null, false, '{"intensity": "high"}'),
       ('Orb', 'show_cursor_orb', '', true, null);

insert into events (id, visitor_id, experiment_id, variant, event_type, event_name, metadata, created_at)
values ('44444444-4444-4444-8444-444444444441', 'alice', '22222222-2222-4222-8222-222222222222', 'neon', 'page_view',
        'landing', '{"a": 1}', '2025-11-03T00:00:01Z'),
       ('44444444-4444-4444-8444-444444444443', 'alice', '22222222-2222-4222-8222-222222222222', 'neon', 'click',
        'cta_primary', null, '2025-11-03T00:00:03Z'),
       ('44444444-4444-4444-8444-444444444442', 'carol', '22222222-2222-4222-8222-222222222222', 'synthwave',
        'page_view', 'landing', '[]', '2025-12-02T00:00:02Z'),
       ('44444444-4444-4444-8444-444444444444', 'dave', null, null, 'page_view', null, '{}', '2025-12-03T00:00:00Z');
