-- The experiment of the events that a database is filled with, so that results can be asked for.
insert into experiments (id, key, name, variants, traffic_split, goals, created_at, updated_at)
values ('01980000-0000-7000-8000-000000000001', 'landing-page-theme', 'Landing Page Theme', array ['neon', 'synthwave'], array [50, 50]::smallint[],
        '[{"id": "01980000-0000-7000-8000-0000000000a1", "name": "Call to action clicked", "role": "primary", "direction": "increase",
           "any_of": [{"event_type": "click", "event_name": "cta_primary"}], "window_hours": null, "pause_on_harm": false}]',
        now() - interval '31 days', now() - interval '31 days')
on conflict do nothing;
