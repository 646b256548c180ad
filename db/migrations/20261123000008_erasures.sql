-- Visitors who want to be forgotten.

-- How much was erased on their wish, and nothing about whom. By the hour of the erasing. Owner: metrics.
create table erased_hours
(
    hour     timestamptz not null,
    visitors bigint      not null,
    events   bigint      not null,
    constraint erased_hours_pkey primary key (hour)
);

-- Erases a visitor's assignments and answers how many there were. Owner: abtest, whose table it is; metrics calls it
-- within the transaction that erases everything else of the visitor, so that no failure leaves half of it behind.
create function erase_assignments(visitor text) returns bigint
    language sql
as
$$
    with gone as (
        delete from assignments
        -- By way of the experiments: the key of the table begins with them, and there are few.
        using experiments
        where assignments.experiment_id = experiments.id and assignments.visitor_id = visitor
        returning 1
    )
    select count(*) from gone
$$;
