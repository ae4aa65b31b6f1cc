-- read-known-3.lua: reads all that a bid asks of a known person, and holds blanks for it.
-- KEYS[1] live facts. KEYS[2] exposure log. KEYS[3] profile, or the exposure log again when it is not
-- wanted.
-- ARGV[1] the entries of the blanks (proto/exposure-log.ts). ARGV[2] their life, ms.
-- Returns live facts, exposure log before the blanks, what is at KEYS[3], and 1 when they are held.
-- A log this long is cut first by a bid that waits for its reservation: 48 entries of 24 bytes.
local LOG_BYTES_MAX = 1152

-- MGET and not GET: a value of another type is none, not an error.
local known = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3])
local log, held = known[2], 1
if not log then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
elseif #log % 24 ~= 0 or #log >= LOG_BYTES_MAX then
  held = 0
else
  redis.call('APPEND', KEYS[2], ARGV[1])
  local leftMs = redis.call('PTTL', KEYS[2])
  if leftMs >= 0 and leftMs < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
end
return { known[1], log, known[3], held }
