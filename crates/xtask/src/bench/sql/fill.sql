-- Events of thirty days up to now, in the order of their time, eight a visitor: what the services would have stored.
insert into events (id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, user_agent, created_at)
select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5('b' || n), 1, 15))::uuid,
       'visitor-' || n / 8,
       '01980000-0000-7000-8000-000000000001'::uuid,
       (array ['neon', 'synthwave'])[n / 8 % 2 + 1],
       (array ['page_view', 'click', 'click', 'page_view', 'click', 'music_click', 'click', case when n / 8 % 11 = 0 then 'form_submit' else 'scroll' end])[n % 8 + 1],
       (array ['landing', 'nav_features', 'cta_primary', 'features', 'sculpture', 'play', 'cta_secondary', 'contact'])[n % 8 + 1],
       case when n % 8 = 5 then jsonb_build_object('track', 'track-' || n % 3) else jsonb_build_object('element', 'button', 'scroll', n % 100) end,
       'http://localhost:3000/',
       'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
       moment
from (select n, now() - interval '30 days' * (1 - (n + 1)::double precision / :total) as moment
      from generate_series(:first, :last - 1) as n) as numbered;
