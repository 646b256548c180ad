-- Asks for assignments. Arguments: a prefix of the visitors' names, and how many visitors there are (0: a new one each
-- time).
created, refused = 0, 0

local prefix, visitors, made

function init(args)
  prefix, visitors, made = args[1], tonumber(args[2]), 0
end

function request()
  made = made + 1
  local visitor = visitors > 0 and made % visitors or made
  return wrk.format("GET", "/api/assign?experiment_id=01980000-0000-7000-8000-000000000001&visitor_id=" .. prefix
    .. "-" .. number .. "-" .. visitor)
end

function response(status)
  if status == 200 then
    created = created + 1
  else
    refused = refused + 1
  end
end
