-- Goals that are measured in place of reached: one number a visitor (seconds on the page, depth of scrolling). Owner: metrics.

-- What each counted visitor comes to, in thousandths of the property's unit and at most the goal's cap.
create table measurements
(
    visitor_id    text    not null,
    goal_id       uuid    not null,
    experiment_id uuid    not null,
    cell_id       integer not null,
    value         bigint  not null,
    constraint measurements_pkey primary key (visitor_id, goal_id),
    constraint measurements_cell_fkey foreign key (cell_id) references result_cells (id),
    constraint measurements_value_counts check (value >= 0)
);

-- Their sums: all that results read. Whole numbers of any size, so that nothing is lost when a value changes, and the
-- variance, a small difference of two large sums, is exact.
create table result_measures
(
    cell_id  integer not null,
    goal_id  uuid    not null,
    visitors bigint  not null,
    total    numeric not null,
    squares  numeric not null,
    constraint result_measures_pkey primary key (cell_id, goal_id),
    constraint result_measures_cell_fkey foreign key (cell_id) references result_cells (id)
) with (fillfactor = 70);
