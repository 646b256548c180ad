-- On Citus (see docker-compose.citus.yml and db/CITUS.md) the tables that grow with visitors are divided among the workers by
-- visitor, so that all of one visitor lies on one node. On a plain Postgres this does nothing, now and later: the function
-- looks for the extension whenever it is called, and may be called again.

create function distribute_by_visitor() returns text
    language plpgsql
as
$$
declare
    large text;
begin
    if not exists (select from pg_extension where extname = 'citus') then
        return 'this is a plain Postgres: nothing is distributed';
    end if;
    if exists (select from pg_dist_partition where logicalrelid = 'events'::regclass) then
        return 'the tables are distributed already';
    end if;

    -- A cluster promises uniqueness only together with the visitor. The numbers are drawn from one sequence, under the lock
    -- of `record_events`, and so differ all the same.
    drop index events_seq_idx;
    create index events_seq_idx on events (seq);

    -- No foreign keys from divided tables to those that stay on the coordinator, and no triggers on divided ones.
    alter table assignments drop constraint assignments_experiment_fkey;
    drop trigger assignments_tell_forgotten on assignments;
    alter table exposures drop constraint exposures_cell_fkey;
    alter table conversions drop constraint conversions_cell_fkey;
    alter table measurements drop constraint measurements_cell_fkey;

    perform create_distributed_table('events', 'visitor_id');
    foreach large in array array ['assignments', 'exposures', 'conversions', 'measurements', 'visitor_numbers'] loop
        perform create_distributed_table(large::regclass, 'visitor_id', colocate_with => 'events');
    end loop;

    -- What the foreign key and the trigger did: assignments go with their experiment, and those who remember them are told.
    execute $code$
        create function forget_assignments() returns trigger language plpgsql as $body$
        begin
            delete from assignments where experiment_id = old.id;
            perform pg_notify('pushnami_configuration', 'forgotten');
            return null;
        end
        $body$
    $code$;
    create trigger experiments_forget_assignments
        after delete
        on experiments
        for each row
    execute function forget_assignments();
    execute $code$
        create or replace function erase_assignments(visitor text) returns bigint language plpgsql as $body$
        declare
            gone bigint;
        begin
            delete from assignments where visitor_id = visitor;
            get diagnostics gone = row_count;
            perform pg_notify('pushnami_configuration', 'forgotten');
            return gone;
        end
        $body$
    $code$;
    return 'the tables that grow with visitors are distributed by visitor';
end
$$;

do
$$
begin
    -- Moving what is there already may take longer than a request.
    set local statement_timeout = 0;
    raise notice '%', distribute_by_visitor();
end
$$;
