-- The rows that both COPYs read: what `scripts/events.lua` posts. Identifiers are of version 7, as ours are and as a page
-- sends them.
select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint + n / 10), 12, '0')
            || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5('b' || n), 1, 15))::uuid as id,
       'sample-' || n / 8 as visitor_id,
       '01980000-0000-7000-8000-000000000001'::uuid as experiment_id,
       (array ['neon', 'synthwave'])[n / 8 % 2 + 1] as variant,
       (array ['page_view', 'click', 'click', 'page_view', 'click', 'music_click', 'click', 'form_submit'])[n % 8 + 1] as event_type,
       (array ['landing', 'nav_features', 'cta_primary', 'features', 'sculpture', 'play', 'cta_secondary', 'contact'])[n % 8 + 1] as event_name,
       jsonb_build_object('element', 'button', 'text', 'Begin Ascension', 'scroll', n % 100) as metadata,
       'http://localhost:3000/' as page_url,
       'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0' as user_agent,
       now() as created_at
from generate_series(0, :rows - 1) as n
