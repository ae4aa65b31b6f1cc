-- replace-learned-1.lua: writes one learned record, unless somebody else has written since it was read.
-- KEYS[1] the records: name to 'end-in-Unix-ms bytes'.
-- ARGV[1] the name. ARGV[2] the value read, '' when there was none. ARGV[3] the new value.
-- ARGV[4] the least that the records live from now, ms.
-- Returns 1 when written, 0 when the caller must read again.
-- A value of another type has no records; it is replaced.
local current = redis.pcall('HGET', KEYS[1], ARGV[1])
if type(current) == 'table' then
  redis.call('DEL', KEYS[1])
  current = false
end
if (current or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1
