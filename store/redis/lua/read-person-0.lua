-- read-person-0.lua: finds the person behind the identities and reads all that a bid asks, in one trip.
-- For a single server: which keys it reads depends on what it finds, so none can be named to a Cluster.
-- ARGV[1] to ARGV[3] what the keys of live facts, exposure log and profile begin with; the id and a
-- brace follow. ARGV[3] is empty when the profile is not wanted. ARGV[4] the entries of blanks to be
-- held for a linked person (proto/exposure-log.ts), or empty. ARGV[5] their life, ms. ARGV[6] the
-- visitor, who it is when no identity is linked. ARGV[7] and on: the links of the identities, most
-- trusted first.
-- Returns the index of the first identity that is linked, the person, live facts, exposure log before
-- the blanks, profile, and 1 when they are held; when none is linked, -1, nil, what the visitor has,
-- nil, and 0.
-- A log this long is cut first by a bid that waits for its reservation: 48 entries of 24 bytes.
local LOG_BYTES_MAX = 1152
local call = redis.call

-- MGET and not GET: a value of another type is none, not an error.
local links = call('MGET', unpack(ARGV, 7))
local index, person = -1, false
for i = 1, #ARGV - 6 do
  person = links[i]
  if person and person ~= '' then
    index = i - 1
    break
  end
end
if index < 0 then
  local visitor = call('MGET', ARGV[1] .. ARGV[6] .. '}', ARGV[2] .. ARGV[6] .. '}')
  return { -1, false, visitor[1], visitor[2], false, 0 }
end

local tail = person .. '}'
local key = ARGV[2] .. tail
local known
if ARGV[3] == '' then
  known = call('MGET', ARGV[1] .. tail, key)
else
  known = call('MGET', ARGV[1] .. tail, key, ARGV[3] .. tail)
end

local log, held = known[2], 1
if ARGV[4] == '' then
  held = 0
elseif not log then
  call('SET', key, ARGV[4], 'PX', ARGV[5])
elseif #log % 24 ~= 0 or #log >= LOG_BYTES_MAX then
  held = 0
else
  call('APPEND', key, ARGV[4])
  local leftMs = call('PTTL', key)
  if leftMs >= 0 and leftMs < tonumber(ARGV[5]) then call('PEXPIRE', key, ARGV[5]) end
end
return { index, person, known[1], log, known[3] or false, held }
