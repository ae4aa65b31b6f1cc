-- retire-generation-2.lua: takes a generation out of use before its keys are deleted.
-- KEYS[1] the shop's generations: id -> 'open' or 'sealed'. KEYS[2] the shop's serving pointer.
-- ARGV[1] generation.
-- Returns 1, or 0 when it serves or is the previous one.
local pointer = redis.call('HMGET', KEYS[2], 'generation', 'previous')
if pointer[1] == ARGV[1] or pointer[2] == ARGV[1] then return 0 end
-- Unsealed at once, so that nobody flips to a half of it.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then redis.call('HSET', KEYS[1], ARGV[1], 'open') end
return 1
