-- Appended to every script of wrk: one line that `bench` reads. Times are microseconds.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function done(summary, latency)
  local created, refused = 0, 0
  for _, thread in ipairs(threads) do
    created = created + (thread:get("created") or 0)
    refused = refused + (thread:get("refused") or 0)
  end
  local errors = summary.errors
  io.write(string.format(
    "BENCH requests=%d micros=%d created=%d refused=%d failed=%d broken=%d mean=%f p50=%d p99=%d\n",
    summary.requests, summary.duration, created, refused, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency.mean, latency:percentile(50),
    latency:percentile(99)))
end
