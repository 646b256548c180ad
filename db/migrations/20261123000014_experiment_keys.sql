-- What code calls an experiment. Owner: abtest.

-- A slug of the name, made when the experiment is created and never changed: code refers to it, while names are reworded.
alter table experiments add column key text;

create function name_experiment_key() returns trigger
    language plpgsql
as
$$
declare
    slug text := left(trim(both '-' from regexp_replace(lower(new.name), '[^a-z0-9]+', '-', 'g')), 80);
begin
    if slug = '' then
        slug := 'experiment';
    end if;
    -- One after another, so that two of one name that are created at once see each other.
    perform pg_advisory_xact_lock(hashtext('experiments.key'));
    if exists (select from experiments where key = slug) or exists (select from toggles where key = slug) then
        slug := slug || '-' || right(new.id::text, 12);
    end if;
    new.key := slug;
    return new;
end
$$;

create trigger experiments_name_key
    before insert
    on experiments
    for each row
    when (new.key is null)
execute function name_experiment_key();

-- The experiments that are there: the oldest of a name has the plain slug.
with named as
    (select id,
            coalesce(nullif(left(trim(both '-' from regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g')), 80), ''), 'experiment') as slug,
            created_at
     from experiments),
counted as
    (select id, slug, row_number() over (partition by slug order by created_at, id) as number from named)
update experiments
set key = case when counted.number = 1 and not exists (select from toggles where toggles.key = counted.slug)
                   then counted.slug
               else counted.slug || '-' || right(counted.id::text, 12) end
from counted
where counted.id = experiments.id;

-- The change is told now: a table of which something is still to be told cannot be altered.
set constraints all immediate;

alter table experiments
    alter column key set not null,
    add constraint experiments_key_unique unique (key);
