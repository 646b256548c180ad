-- Posts events: `size` 0 is one event a request, more is a batch of that many. Eight events a visitor, as on the page;
-- arguments: size, a prefix of the visitors' names, events a visitor, milliseconds between a connection's requests.
created, refused = 0, 0

local kinds = {
  { "page_view", "landing" }, { "click", "nav_features" }, { "click", "cta_primary" }, { "page_view", "features" },
  { "click", "sculpture" }, { "music_click", "play" }, { "click", "cta_secondary" }, { "form_submit", "contact" },
}
local variants = { "neon", "synthwave" }
local template = '{"visitor_id":"%s-%d-%d","event_type":"%s","event_name":"%s","variant":"%s",'
  .. '"experiment_id":"01980000-0000-7000-8000-000000000001","page_url":"http://localhost:3000/",'
  .. '"user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",'
  .. '"metadata":{"element":"button","text":"Begin Ascension","scroll":%d}}'

local size, prefix, visit, pause, made, headers

function init(args)
  size, prefix, visit, pause = tonumber(args[1]), args[2], tonumber(args[3]), tonumber(args[4])
  made = 0
  headers = { ["Content-Type"] = "application/json" }
end

local function event()
  local visitor, kind = math.floor(made / visit), kinds[made % 8 + 1]
  made = made + 1
  return template:format(prefix, number, visitor, kind[1], kind[2], variants[visitor % 2 + 1], made % 100)
end

function request()
  if size == 0 then
    return wrk.format("POST", "/api/events", headers, event())
  end
  local events = {}
  for place = 1, size do
    events[place] = event()
  end
  return wrk.format("POST", "/api/events/batch", headers, "[" .. table.concat(events, ",") .. "]")
end

function delay()
  return pause
end

function response(status)
  if status == 201 then
    created = created + 1
  else
    refused = refused + 1
  end
end
