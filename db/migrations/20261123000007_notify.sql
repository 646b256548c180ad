-- Who answers from memory learns of changes. Owner: abtest.
--
-- Every copy of abtest listens on the channel `pushnami_configuration`, and compares the version below once a second, for
-- the case that a notification is lost with its connection.

-- One row: how many changes of experiments and toggles have been committed.
create table configuration_versions
(
    only_row boolean not null default true,
    version  bigint  not null,
    constraint configuration_versions_pkey primary key (only_row),
    constraint configuration_versions_one_row check (only_row)
);

insert into configuration_versions (version) values (1);

create function tell_configuration_change() returns trigger
    language plpgsql
as
$$
begin
    update configuration_versions set version = version + 1;
    perform pg_notify('pushnami_configuration', 'configuration');
    return null;
end
$$;

-- Deferred: at the very end of a transaction nothing more is waited for, so that two of them that count here cannot wait
-- for each other.
create constraint trigger experiments_tell_change
    after insert or update or delete
    on experiments
    deferrable initially deferred
    for each row
execute function tell_configuration_change();

create constraint trigger toggles_tell_change
    after insert or update or delete
    on toggles
    deferrable initially deferred
    for each row
execute function tell_configuration_change();

-- Remembered assignments that are gone: with an experiment, or because a visitor was erased.
create function tell_forgotten_assignments() returns trigger
    language plpgsql
as
$$
begin
    perform pg_notify('pushnami_configuration', 'forgotten');
    return null;
end
$$;

create trigger assignments_tell_forgotten
    after delete or truncate
    on assignments
    for each statement
execute function tell_forgotten_assignments();
