-- The life of an experiment: started, paused, completed with or without a winner, archived. Owner: abtest.

alter table experiments
    -- When visitors were first assigned; null while it is a draft.
    add column started_at   timestamptz,
    -- Since when its question counts as answered.
    add column completed_at timestamptz,
    -- Since when it is out of sight.
    add column archived_at  timestamptz,
    -- What everybody is shown since it was completed; null to show what others decide.
    add column winner       text,
    add constraint experiments_only_what_is_completed_has_a_winner check (winner is null or completed_at is not null);

-- That columns were added is nobody's change.
alter table experiments disable trigger experiments_audit;
update experiments set started_at = created_at
where is_active or exists (select from assignments where experiment_id = experiments.id);
-- What is deferred to the end of the transaction would stand in the way of the next statement.
set constraints all immediate;
alter table experiments enable trigger experiments_audit;

-- By a trigger, so that whoever activates an experiment, an earlier version of the service too, leaves none that is active
-- and completed at once.
create function keep_lifecycle() returns trigger
    language plpgsql
as
$$
begin
    if new.is_active then
        new.started_at := coalesce(new.started_at, new.updated_at);
        new.completed_at := null;
        new.archived_at := null;
        new.winner := null;
    end if;
    return new;
end
$$;

create trigger experiments_keep_lifecycle
    before insert or update
    on experiments
    for each row
execute function keep_lifecycle();
