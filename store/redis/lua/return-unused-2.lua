-- return-unused-2.lua: a draining worker gives back, once, what its lease never promised to a bid.
-- KEYS[1] budget hash. KEYS[2] leases hash: id -> 'granted left ended returned'.
-- ARGV[1] lease id. ARGV[2] nanos.
-- Returns 1, or 0 when the lease is unknown, ended, or has given back before.
local row = redis.call('HGET', KEYS[2], ARGV[1])
if not row then return 0 end
local granted, left, ended, returned = string.match(row, '^(%d+) (%d+) (%d) (%d)$')
if ended == '1' or returned == '1' then return 0 end

local back = math.min(tonumber(left), tonumber(ARGV[2]))
local rest = string.format('%.0f', tonumber(left) - back)
redis.call('HSET', KEYS[2], ARGV[1], granted .. ' ' .. rest .. ' 0 1')
redis.call('HINCRBY', KEYS[1], 'leased', string.format('%.0f', 0 - back))
redis.call('HINCRBY', KEYS[1], 'free', string.format('%.0f', back))
return 1
