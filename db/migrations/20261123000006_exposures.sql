-- Who was exposed to which variant and reached which goal, kept by a worker that follows `events.seq`. Owner: metrics.
--
-- To know which variant somebody was assigned, in which revision, and what counts as success, the worker reads abtest's
-- `assignments`, `experiment_revisions` and `experiments`; it writes none of them. Nothing here has a foreign key to
-- them: what was counted outlives an experiment as its events do.

create table exposure_state
(
    one_row   boolean     not null default true,
    -- The `seq` up to which all events are counted.
    watermark bigint      not null default 0,
    -- When the last of them was recorded.
    through   timestamptz,
    -- Grows whenever anything here changes: an answer computed at one version holds until the next.
    version   bigint      not null default 0,
    constraint exposure_state_pkey primary key (one_row),
    constraint exposure_state_has_one_row check (one_row)
) with (fillfactor = 20); -- changed with every fold: room for its versions on one page

insert into exposure_state default values;

-- What visitors are counted in: a variant within a revision.
create table result_cells
(
    id            integer not null generated always as identity,
    experiment_id uuid    not null,
    revision      integer not null,
    variant       text    not null,
    constraint result_cells_pkey primary key (id),
    constraint result_cells_unique unique (experiment_id, revision, variant)
);

-- Visitors of experiments: those who were exposed, and those who claimed a variant that is not theirs.
create table exposures
(
    experiment_id uuid    not null,
    visitor_id    text    not null,
    -- The assigned variant and its revision; null while no page was seen in it.
    cell_id       integer,
    -- The first page seen in it: its place in the log, and when.
    exposed_seq   bigint,
    exposed_at    timestamptz,
    -- Whether the variant is known from the events alone, because no assignment is stored.
    is_claimed    boolean not null default false,
    -- Whether a page was seen in another variant: then the visitor counts in none.
    saw_other     boolean not null default false,
    -- Whether any event claimed another variant; such an event counts for none.
    claimed_other boolean not null default false,
    constraint exposures_pkey primary key (experiment_id, visitor_id),
    constraint exposures_cell_fkey foreign key (cell_id) references result_cells (id)
);

-- A visitor's experiments, to be erased on their wish.
create index exposures_visitor_idx on exposures (visitor_id);

-- Goals that counted visitors reached, and when first.
create table conversions
(
    visitor_id    text        not null,
    goal_id       uuid        not null,
    experiment_id uuid        not null,
    cell_id       integer     not null,
    converted_at  timestamptz not null,
    constraint conversions_pkey primary key (visitor_id, goal_id),
    constraint conversions_cell_fkey foreign key (cell_id) references result_cells (id)
);

-- How many: visitors by the hour of their exposure (under the goal `00000000-0000-0000-0000-000000000000`) and by the hour
-- in which they reached a goal. Sums over these are all that results read.
create table result_hours
(
    cell_id  integer     not null,
    goal_id  uuid        not null,
    hour     timestamptz not null,
    visitors bigint      not null,
    constraint result_hours_pkey primary key (cell_id, goal_id, hour),
    constraint result_hours_cell_fkey foreign key (cell_id) references result_cells (id)
) with (fillfactor = 70);

-- Visitors who are told apart, and why: `two_variants` count in none; `other_claim` made claims that count for none;
-- `claimed_only` count although no assignment of theirs is stored.
create table result_marks
(
    experiment_id uuid   not null,
    mark          text   not null,
    visitors      bigint not null,
    constraint result_marks_pkey primary key (experiment_id, mark),
    constraint result_marks_known check (mark in ('two_variants', 'other_claim', 'claimed_only'))
);

-- Goals that are counted. One that came later than the events is counted from them in steps: `behind` says how far it
-- is, and is null as soon as it goes along with everything else.
create table counted_goals
(
    goal_id       uuid not null,
    experiment_id uuid not null,
    behind        bigint,
    constraint counted_goals_pkey primary key (goal_id)
);
