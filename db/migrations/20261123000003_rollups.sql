-- Counts over the events, kept by a worker that follows `events.seq`. Owner: metrics.
--
-- Everything here is what a recount of the events up to `rollup_state.watermark` would give; `cargo xtask verify`
-- recounts. A reader adds the few events above the watermark itself, within one snapshot.

create table rollup_state
(
    one_row      boolean not null default true,
    -- The `seq` up to which all events are counted.
    watermark    bigint  not null default 0,
    -- Grows whenever anything here changes: an answer computed at one version holds until the next.
    version      bigint  not null default 0,
    -- The number that the next unknown visitor gets.
    next_visitor bigint  not null default 0,
    -- Hours before this one may have lost their single events to retention; their counts stay.
    kept_from    timestamptz,
    constraint rollup_state_pkey primary key (one_row),
    constraint rollup_state_has_one_row check (one_row)
) with (fillfactor = 20); -- changed with every fold: room for its versions on one page

insert into rollup_state default values;

-- What is counted together. `track` is told apart for the clicks of the music player only.
create table event_groups
(
    id            integer not null generated always as identity,
    -- A digest of the fields below, which may be too long for an index.
    digest        uuid    not null,
    experiment_id uuid,
    variant       text,
    event_type    text    not null,
    event_name    text,
    track         text,
    excluded      text,
    -- All events of the group, ever.
    events        bigint  not null default 0,
    constraint event_groups_pkey primary key (id),
    constraint event_groups_digest_unique unique (digest)
) with (fillfactor = 50);

-- Events of each hour and group. By quarters, because some time zones begin their days and hours at :15, :30 or :45.
create table rollup_hours
(
    hour     timestamptz not null,
    group_id integer     not null,
    q0       integer     not null,
    q1       integer     not null,
    q2       integer     not null,
    q3       integer     not null,
    constraint rollup_hours_pkey primary key (hour, group_id),
    constraint rollup_hours_group_fkey foreign key (group_id) references event_groups (id)
) with (fillfactor = 70);

-- Visitors by number, in the order in which they were first counted: a set of them is a bitmap.
create table visitor_numbers
(
    visitor_id text   not null,
    number     bigint not null,
    constraint visitor_numbers_pkey primary key (visitor_id)
);

-- Sets of visitors whose sizes are asked for. `hourly` ones are kept for every hour and united when a range of time is
-- asked about. The others are kept over all time, so that their sizes are counters: everybody (`all`), those of an
-- experiment, of a variant in whichever experiment, and of a variant in an experiment.
create table visitor_sets
(
    id            integer not null generated always as identity,
    -- A digest of the fields below, which may be too long for an index.
    digest        uuid    not null,
    scope         text    not null,
    experiment_id uuid,
    variant       text,
    -- What the visitors did: `page_view`, `click`, `form_submit`, something else (`other`), or anything (`any`).
    step          text    not null,
    -- For `hourly` sets: why the events enter no result. The others do not tell these apart.
    excluded      text,
    constraint visitor_sets_pkey primary key (id),
    constraint visitor_sets_digest_unique unique (digest),
    constraint visitor_sets_scope_known check (scope in ('hourly', 'all', 'experiment', 'variant', 'both')),
    constraint visitor_sets_step_known check (step in ('page_view', 'click', 'form_submit', 'other', 'any'))
);

-- The members of the sets as Roaring bitmaps, in pieces of 65536 visitors: a fold rewrites only pieces that change.
create table visitor_set_hours
(
    hour    timestamptz not null,
    set_id  integer     not null,
    piece   integer     not null,
    members bytea       not null,
    constraint visitor_set_hours_pkey primary key (hour, set_id, piece),
    constraint visitor_set_hours_set_fkey foreign key (set_id) references visitor_sets (id)
) with (fillfactor = 70);

create table visitor_set_totals
(
    set_id  integer not null,
    piece   integer not null,
    -- How many members the piece has, so that a size is a sum and no bitmap is read for it.
    size    integer not null,
    members bytea   not null,
    constraint visitor_set_totals_pkey primary key (set_id, piece),
    constraint visitor_set_totals_set_fkey foreign key (set_id) references visitor_sets (id)
) with (fillfactor = 70);

-- Bitmaps are compressed already.
alter table visitor_set_hours alter column members set storage external;
alter table visitor_set_totals alter column members set storage external;

-- How many events were not taken, because their visitors asked not to be recorded (`Sec-GPC`, `DNT`). Nothing else is
-- known of them.
create table untracked_hours
(
    hour   timestamptz not null,
    events bigint      not null,
    constraint untracked_hours_pkey primary key (hour)
);
