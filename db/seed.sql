-- First-start data: the experiment and the toggles of the landing page. abtest runs this once in the life of a database
-- (see the table `seedings`), in one transaction.

insert into experiments (id, name, description, variants, traffic_split, is_active, goals, created_at,
                         updated_at)
values ('01980000-0000-7000-8000-000000000001', 'Landing Page Theme',
        'Which look of the landing page makes more visitors act: pink dusk on Olympus, or cyan night in the Agora?',
        array ['neon', 'synthwave'], array [50, 50]::smallint[], true,
        -- Playing music is engagement, not success.
        '[{"id": "01980000-0000-7000-8000-000000000021", "name": "Call to action clicked", "role": "primary",
           "direction": "increase", "window_hours": null, "pause_on_harm": false,
           "any_of": [{"event_type": "click", "event_name": "cta_primary"},
                      {"event_type": "click", "event_name": "cta_secondary"}]},
          {"id": "01980000-0000-7000-8000-000000000022", "name": "Form sent", "role": "secondary",
           "direction": "increase", "window_hours": null, "pause_on_harm": false,
           "any_of": [{"event_type": "form_submit"}]},
          {"id": "01980000-0000-7000-8000-000000000023", "name": "Time on page, in seconds", "role": "secondary",
           "direction": "increase", "window_hours": null, "pause_on_harm": false,
           "any_of": [{"event_type": "engagement", "event_name": "time_on_page"}],
           "measure": {"property": "seconds", "fold": "sum", "cap": 1800, "absent_is_zero": false}},
          {"id": "01980000-0000-7000-8000-000000000024", "name": "Scroll depth, in percent", "role": "secondary",
           "direction": "increase", "window_hours": null, "pause_on_harm": false,
           "any_of": [{"event_type": "scroll"}],
           "measure": {"property": "percent", "fold": "greatest", "cap": 100, "absent_is_zero": true}}]',
        now(), now());

insert into toggles (id, key, name, description, enabled, config, created_at, updated_at)
values ('01980000-0000-7000-8000-000000000011', 'matrix_rain', 'Greek rain',
        'Letters falling behind the page. `speed` and `density` are factors of the usual ones.',
        true, '{"speed": 1.0, "density": 1.0}', now(), now()),
       ('01980000-0000-7000-8000-000000000012', 'hero_glitch', 'Headline glitch',
        'Short bursts of colour on the headline. `intensity` is a factor of the usual one.',
        true, '{"intensity": 1.0}', now() + interval '1 microsecond', now() + interval '1 microsecond'),
       ('01980000-0000-7000-8000-000000000013', 'show_testimonials', 'Testimonials',
        'The section of visitors'' voices, and its entry in the navigation.',
        true, '{}', now() + interval '2 microseconds', now() + interval '2 microseconds'),
       ('01980000-0000-7000-8000-000000000014', 'show_music_player', 'TEMPLE.FM',
        'The floating music player.',
        true, '{}', now() + interval '3 microseconds', now() + interval '3 microseconds');
