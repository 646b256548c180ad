-- A database of the earlier system (Python and Node, one `init.sql`) makes room: its four tables go, as they are, into a
-- schema of their own, from which `20261124000001_from_the_earlier_system.sql` copies everything once ours are there.
-- Anywhere else this does nothing.
--
-- They are known by their form, not by their names, which are ours too: variants were JSON there and are an array here.
-- Nothing is deleted: with the tables back in `public`, the earlier system would run as before.

do
$$
begin
    if to_regclass('public.feature_toggles') is null
        or (select data_type from information_schema.columns
            where table_schema = 'public' and table_name = 'experiments' and column_name = 'variants')
            is distinct from 'jsonb' then
        return;
    end if;
    create schema if not exists earlier;
    alter table public.experiments set schema earlier;
    alter table public.assignments set schema earlier;
    alter table public.feature_toggles set schema earlier;
    alter table public.events set schema earlier;
end
$$;
