-- Guardrails that pause an experiment when a variant does harm.

-- When the goal paused its experiment. Once only: whoever activates it again has decided. Owner: metrics.
alter table counted_goals add column paused_at timestamptz;

-- Pauses an experiment and answers whether it was active. Owner: abtest, whose table it is; metrics calls it within the
-- transaction that remembers why.
create function pause_experiment(experiment uuid, moment timestamptz) returns boolean
    language sql
as
$$
    with paused as (
        update experiments
        set is_active = false, updated_at = moment
        where id = experiment and is_active
        returning 1
    )
    select exists(select from paused)
$$;
