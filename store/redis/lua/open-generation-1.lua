-- open-generation-1.lua: registers a generation that is going to be written.
-- KEYS[1] the shop's generations: id -> 'open' or 'sealed'.
-- ARGV[1] generation.
-- Returns 1, or 0 when it is sealed already.
if redis.call('HGET', KEYS[1], ARGV[1]) == 'sealed' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], 'open')
return 1
