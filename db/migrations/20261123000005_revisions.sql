-- Revisions of experiments, and what counts as success in them. Owner: abtest; metrics reads them.

alter table experiments
    -- Which revision is in force; counted by the trigger below, never written by a statement.
    add column revision integer not null default 1,
    -- What the next revision is to be called, where that does not follow from what changed: `shipped`, `restored`.
    add column revision_action text,
    -- What counts as success: an array of goals as `contract::Goal` spells them, one of them primary.
    add column goals jsonb not null default '[]',
    add constraint experiments_goals_is_array check (jsonb_typeof(goals) = 'array');

-- One period of an experiment with unchanged variants and split. Results are computed within revisions and combined over
-- them: pooling visitors over a changed split would compare unlike times (Simpson's paradox).
create table experiment_revisions
(
    experiment_id uuid        not null,
    -- 1, 2, 3 … within the experiment.
    revision      integer     not null,
    variants      text[]      not null,
    -- Whole percents, one for each variant, in the same order.
    traffic_split smallint[]  not null,
    -- How it came to be.
    action        text        not null,
    opened_at     timestamptz not null,
    constraint experiment_revisions_pkey primary key (experiment_id, revision),
    constraint experiment_revisions_experiment_fkey
        foreign key (experiment_id) references experiments (id) on delete cascade,
    constraint experiment_revisions_action_known
        check (action in ('created', 'variants_changed', 'split_changed', 'shipped', 'restored'))
);

-- In which revision the visitor was assigned; null where whoever stored the assignment did not know, in which case it is
-- the one that was in force at `created_at`.
alter table assignments add column revision integer;

-- By triggers, so that whatever changes an experiment, now or in years, opens its revision with the same commit.
create function number_revision() returns trigger
    language plpgsql
as
$$
begin
    new.revision := old.revision + 1;
    return new;
end
$$;

create function open_revision() returns trigger
    language plpgsql
as
$$
begin
    insert into experiment_revisions (experiment_id, revision, variants, traffic_split, action, opened_at)
    values (new.id, new.revision, new.variants, new.traffic_split,
            case
                when tg_op = 'INSERT' then 'created'
                when new.revision_action is not null then new.revision_action
                when new.variants <> old.variants then 'variants_changed'
                else 'split_changed'
            end,
            new.updated_at);
    return null;
end
$$;

create function refuse_revision_change() returns trigger
    language plpgsql
as
$$
begin
    raise exception 'a revision is never changed';
end
$$;

create trigger experiments_number_revision
    before update
    on experiments
    for each row
    when (new.variants is distinct from old.variants or new.traffic_split is distinct from old.traffic_split)
execute function number_revision();

create trigger experiments_open_first_revision
    after insert
    on experiments
    for each row
execute function open_revision();

create trigger experiments_open_revision
    after update
    on experiments
    for each row
    when (new.revision <> old.revision)
execute function open_revision();

create trigger experiment_revisions_stay
    before update
    on experiment_revisions
    for each row
execute function refuse_revision_change();

-- Experiments that are older than revisions: what they have now is the only one that is known.
insert into experiment_revisions (experiment_id, revision, variants, traffic_split, action, opened_at)
select id, 1, variants, traffic_split, 'created', created_at
from experiments;

update experiments
set goals = jsonb_build_array(jsonb_build_object(
        'id', gen_random_uuid(), 'name', 'Call to action clicked', 'role', 'primary', 'direction', 'increase',
        'any_of', '[{"event_type": "click", "event_name": "cta_primary"}, {"event_type": "click", "event_name": "cta_secondary"}]'::jsonb,
        'window_hours', null, 'pause_on_harm', false));
