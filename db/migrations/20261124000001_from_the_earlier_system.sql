-- Brings over what the earlier system kept, where there is such a thing: experiments under their ids, on which every
-- visitor's place depends; assignments, which win over any split; toggles; and all events, in the order in which they were
-- recorded. The workers then count the events as if they had just come. Everywhere else this does nothing.
--
-- The copied tables stay in the schema `earlier` until the operator drops it.

-- Millions of events take longer than a request may.
set local statement_timeout = 0;

-- A number of JSON as whole percents; anything else is none.
create function pg_temp.percent(value jsonb) returns smallint
    language sql
as
$$
    select case when jsonb_typeof(value) = 'number' and value::numeric between 0 and 100
                    then round(value::numeric)::smallint
                else 0::smallint end
$$;

-- Settings of effects were words there and are factors here; everything else stays as it is.
create function pg_temp.settings(given jsonb) returns jsonb
    language sql
as
$$
    select coalesce(jsonb_object_agg(key, case
            when key not in ('speed', 'intensity', 'density') then value
            when value in ('"slow"', '"low"') then '0.5'::jsonb
            when value in ('"medium"', '"normal"') then '1.0'::jsonb
            when value in ('"fast"', '"high"') then '1.5'::jsonb
            else value end), '{}')
    from jsonb_each(case when jsonb_typeof(given) = 'object' then given else '{}' end)
$$;

do
$$
begin
    if to_regclass('earlier.experiments') is null then
        return;
    end if;

    -- A split that does not total 100 cannot be followed; such an experiment rests until somebody mends it.
    insert into experiments (id, name, description, variants, traffic_split, is_active, goals, created_at, updated_at)
    select id, name, coalesce(description, ''), names, percents,
           is_active and cardinality(names) >= 2 and (select sum(percent) from unnest(percents) as percent) = 100,
           jsonb_build_array(
               jsonb_build_object(
                   'id', gen_random_uuid(), 'name', 'Call to action clicked', 'role', 'primary', 'direction', 'increase',
                   'any_of', '[{"event_type": "click", "event_name": "cta_primary"}, {"event_type": "click", "event_name": "cta_secondary"}]'::jsonb,
                   'window_hours', null, 'pause_on_harm', false),
               jsonb_build_object(
                   'id', gen_random_uuid(), 'name', 'Form sent', 'role', 'secondary', 'direction', 'increase',
                   'any_of', '[{"event_type": "form_submit"}]'::jsonb, 'window_hours', null, 'pause_on_harm', false)),
           -- The moment of the last change is set below: the first revision began when the experiment did.
           created_at, created_at
    from earlier.experiments,
         lateral (select coalesce(array_agg(name order by place), '{}') as names,
                         coalesce(array_agg(pg_temp.percent(traffic_split -> name) order by place), '{}') as percents
                  from jsonb_array_elements_text(case when jsonb_typeof(variants) = 'array' then variants else '[]' end)
                      with ordinality as listed (name, place)) as split
    order by created_at, id
    on conflict do nothing;

    update experiments
    set updated_at = older.updated_at
    from earlier.experiments as older
    where older.id = experiments.id and experiments.updated_at <> older.updated_at;

    insert into assignments (experiment_id, visitor_id, variant, created_at, revision)
    select experiment_id, visitor_id, variant, created_at, 1
    from earlier.assignments
    on conflict do nothing;

    insert into toggles (id, key, name, description, enabled, config, created_at, updated_at)
    select id, key, name, coalesce(description, ''), enabled, pg_temp.settings(config), created_at, updated_at
    from earlier.feature_toggles
    order by created_at, id
    on conflict do nothing;

    -- Whoever follows the log must meet the events in the order of their numbers; see `record_events`.
    perform pg_advisory_xact_lock(7310001);
    insert into events (id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, user_agent,
                        created_at, excluded)
    select id, visitor_id, experiment_id, variant, event_type, event_name,
           case when jsonb_typeof(metadata) = 'object' then metadata else '{}' end, page_url, user_agent, created_at,
           case when metadata -> 'preview' = 'true' then 'preview' end
    from earlier.events
    order by created_at, id
    on conflict do nothing;

    -- This is no first start: an experiment of ours beside theirs would take their visitors over.
    insert into seedings (name) values ('first start') on conflict do nothing;
end
$$;
