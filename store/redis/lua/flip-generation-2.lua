-- flip-generation-2.lua: makes a sealed generation the serving one, the former one its previous.
-- KEYS[1] the shop's generations: id -> 'open' or 'sealed'. KEYS[2] the shop's serving pointer.
-- ARGV[1] generation.
-- Returns 1, or 0 when it is not sealed.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= 'sealed' then return 0 end
local before = redis.call('HGET', KEYS[2], 'generation')
if before == ARGV[1] then return 1 end
redis.call('HSET', KEYS[2], 'generation', ARGV[1], 'previous', before or '')
return 1
