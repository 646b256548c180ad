-- Asks for the assignments of a thousand visitors in turn. Requests are made beforehand and answers are not looked at,
-- so that the generator is as quick as it is with a fixed address. Argument: a prefix of the visitors' names.
local requests, place

function init(args)
  requests, place = {}, 0
  for visitor = 1, 1000 do
    requests[visitor] = wrk.format("GET",
      "/api/assign?experiment_id=01980000-0000-7000-8000-000000000001&visitor_id=" .. args[1] .. "-" .. visitor)
  end
end

function request()
  place = place % 1000 + 1
  return requests[place]
end
