-- read-person-0.lua: finds the person behind the identities and reads all that a bid asks, in one trip.
-- For a single server: which keys it reads depends on what it finds, so none can be named to a Cluster.
-- ARGV[1] to ARGV[4] what the keys of link, live facts, exposure log and profile begin with; the id
-- and a brace follow. ARGV[4] is empty when the profile is not wanted. ARGV[5] the entries of blanks
-- to be held for a linked person (proto/exposure-log.ts), or empty. ARGV[6] their life, ms. ARGV[7] the
-- visitor, who it is when no identity is linked. ARGV[8] and on: the identities, most trusted first.
-- Returns the index of the first identity that is linked, the person, live facts, exposure log before
-- the blanks, profile, and 1 when they are held; when none is linked, -1, nil, what the visitor has,
-- nil, and 0.
-- A log this long is cut first by a bid that waits for its reservation: 48 entries of 24 bytes.
local LOG_BYTES_MAX = 1152

local function hold(key, log)
  if ARGV[5] == '' then return 0 end
  if not log then
    redis.call('SET', key, ARGV[5], 'PX', ARGV[6])
    return 1
  end
  if #log % 24 ~= 0 or #log >= LOG_BYTES_MAX then return 0 end
  redis.call('APPEND', key, ARGV[5])
  local leftMs = redis.call('PTTL', key)
  if leftMs >= 0 and leftMs < tonumber(ARGV[6]) then redis.call('PEXPIRE', key, ARGV[6]) end
  return 1
end

-- MGET and not GET: a value of another type is none, not an error.
local links = {}
for i = 8, #ARGV do links[i - 7] = ARGV[1] .. ARGV[i] .. '}' end
local found = redis.call('MGET', unpack(links))
for i = 1, #links do
  local person = found[i]
  if person and person ~= '' then
    local tail = person .. '}'
    local wanted = { ARGV[2] .. tail, ARGV[3] .. tail }
    if ARGV[4] ~= '' then wanted[3] = ARGV[4] .. tail end
    local known = redis.call('MGET', unpack(wanted))
    return { i - 1, person, known[1], known[2], known[3] or false, hold(wanted[2], known[2]) }
  end
end
local visitor = redis.call('MGET', ARGV[2] .. ARGV[7] .. '}', ARGV[3] .. ARGV[7] .. '}')
return { -1, false, visitor[1], visitor[2], false, 0 }
