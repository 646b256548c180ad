-- Stores what is not stored yet and answers for each place, by its number, which variant counts and whether it is new.
with wanted as materialized
    (select w.*, e.variants
     from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::timestamptz[])
              with ordinality as w(experiment_id, visitor_id, variant, revision, created_at, number)
          join experiments e on e.id = w.experiment_id),
-- The stored answer wins even if the traffic split has changed since: a visitor who has seen a variant must not be moved
-- to another, as long as it exists.
known as materialized
    (select w.number, a.variant
     from wanted w
          join assignments a on a.experiment_id = w.experiment_id and a.visitor_id = w.visitor_id
     where a.variant = any (w.variants)),
stored as
    (insert into assignments (experiment_id, visitor_id, variant, revision, created_at)
     select w.experiment_id, w.visitor_id, w.variant, w.revision, w.created_at
     from wanted w
     where w.number not in (select k.number from known k)
     -- All copies of the service in one order, so that no two wait for each other.
     order by w.experiment_id, w.visitor_id
     -- A stored variant that the experiment no longer has is overwritten; of many that try at once, one succeeds.
     on conflict on constraint assignments_pkey do update
         set variant = excluded.variant, revision = excluded.revision, created_at = excluded.created_at
         where not exists (select from experiments e
                           where e.id = assignments.experiment_id and assignments.variant = any (e.variants))
     returning experiment_id, visitor_id, variant)
select k.number as "number!", k.variant as "variant!", false as "is_new!"
from known k
union all
select w.number, s.variant, true
from stored s
     join wanted w on w.experiment_id = s.experiment_id and w.visitor_id = s.visitor_id
