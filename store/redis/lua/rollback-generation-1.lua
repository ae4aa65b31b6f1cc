-- rollback-generation-1.lua: swaps the serving and the previous generation.
-- KEYS[1] the shop's serving pointer. No ARGV[1].
-- Returns the generation that serves now and the previous one, or an empty list when there is none.
local before = redis.call('HMGET', KEYS[1], 'generation', 'previous')
if not before[2] or before[2] == '' then return {} end
redis.call('HSET', KEYS[1], 'generation', before[2], 'previous', before[1])
return { before[2], before[1] }
