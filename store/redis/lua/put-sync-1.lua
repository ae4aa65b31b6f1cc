-- put-sync-1.lua: remembers a sync until its end, unless its cookie was forgotten, and drops what is over.
-- KEYS[1] the syncs of one letter. ARGV[1] cookie, ARGV[2] member, ARGV[3] its end, Unix ms,
-- ARGV[4] now, Unix ms, ARGV[5] the longest life of a sync in ms.
-- Returns 1 when it is remembered, 0 when the cookie was forgotten.
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
local known = redis.call('ZSCORE', KEYS[1], ARGV[2])
if not known or tonumber(known) < tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
