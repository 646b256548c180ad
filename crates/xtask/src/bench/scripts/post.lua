-- The same body again and again. Argument: the body.
function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = args[1]
  prepared = wrk.format()
end

function request()
  return prepared
end
