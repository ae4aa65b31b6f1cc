-- read-person-0.lua: finds the person behind the identities and reads all that a bid asks, in one trip.
-- For a single server: which keys it reads depends on what it finds, so none can be named to a Cluster.
-- ARGV[1] to ARGV[4] what the keys of link, live facts, exposure log and profile begin with; the id
-- and a brace follow. ARGV[4] is empty when the profile is not wanted. ARGV[5] and on: the identities,
-- most trusted first.
-- Returns the index of the first identity that is linked, the person, live facts, exposure log and
-- profile; when none is, -1, nil, what the first identity has as an anonymous person, and nil.

-- MGET and not GET: a value of another type is none, not an error.
local keys = { ARGV[2] .. ARGV[5] .. '}', ARGV[3] .. ARGV[5] .. '}' }
for i = 5, #ARGV do keys[i - 2] = ARGV[1] .. ARGV[i] .. '}' end
local found = redis.call('MGET', unpack(keys))

for i = 3, #keys do
  local person = found[i]
  if person and person ~= '' then
    local tail = person .. '}'
    local wanted = { ARGV[2] .. tail, ARGV[3] .. tail }
    if ARGV[4] ~= '' then wanted[3] = ARGV[4] .. tail end
    local known = redis.call('MGET', unpack(wanted))
    return { i - 3, person, known[1], known[2], known[3] or false }
  end
end
return { -1, false, found[1], found[2], false }
