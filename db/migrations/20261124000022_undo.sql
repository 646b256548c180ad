-- A deletion can be taken back whole: revisions and assignments stay for a while after their experiment is gone. Owner: abtest.
-- The ids of experiments are never used again, except by the one that comes back.

alter table experiment_revisions drop constraint experiment_revisions_experiment_fkey;
alter table assignments drop constraint if exists assignments_experiment_fkey;
-- On Citus, where a trigger did what the foreign key does.
drop trigger if exists experiments_forget_assignments on experiments;

do
$$
    declare
        before text := pg_get_functiondef('distribute_by_visitor'::regproc);
        after  text := replace(replace(before,
            'drop constraint assignments_experiment_fkey', 'drop constraint if exists assignments_experiment_fkey'),
            'delete from assignments where experiment_id = old.id;', '-- They stay for as long as it may come back.');
    begin
        if after not like '%if exists assignments_experiment_fkey%' or after like '%= old.id%' then
            raise exception 'distribute_by_visitor is not what this migration knows';
        end if;
        execute after;
    end
$$;

-- An experiment that comes back has its revision already.
create or replace function open_revision() returns trigger
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
            new.updated_at)
    on conflict (experiment_id, revision) do nothing;
    return null;
end
$$;

-- Clears away, some rows at a time, what belongs to experiments that were deleted longer ago than that: answers how many
-- assignments went. Zero means that nothing is left to clear.
create function clear_deleted_experiments(older_than interval, most integer) returns bigint
    language plpgsql
as
$$
declare
    gone uuid[] := array(
        select distinct revisions.experiment_id
        from experiment_revisions as revisions
        where not exists (select from experiments where id = revisions.experiment_id)
          and not exists (select from audit
                          where subject = 'experiment' and subject_id = revisions.experiment_id::text
                            and at > now() - older_than));
    cleared bigint;
begin
    delete from assignments
    where (experiment_id, visitor_id) in
          (select experiment_id, visitor_id from assignments where experiment_id = any (gone) limit most);
    get diagnostics cleared = row_count;
    if cleared = 0 then
        delete from experiment_revisions where experiment_id = any (gone);
    end if;
    return cleared;
end
$$;
