-- lease-budget-3.lua: deducts a lease from a budget, so that no two workers bid the same money.
-- KEYS[1] budget hash. KEYS[2] leases hash: id -> 'granted left ended returned'.
-- KEYS[3] lease ends, scored by Unix ms.
-- ARGV[1] lease id. ARGV[2] wanted. ARGV[3] amount. ARGV[4] ceiling (all nanos, below 2^53).
-- ARGV[5] expiry, Unix ms. ARGV[6] life of the keys from now, ms.
-- Returns the nanos granted as text; the stored grant when the lease id was seen before.
local known = redis.call('HGET', KEYS[2], ARGV[1])
if known then return string.match(known, '^%d+') end

local before = redis.call('HGET', KEYS[1], 'amount')
if not before then
  redis.call('HSET', KEYS[1], 'amount', ARGV[3], 'free', ARGV[3], 'leased', 0, 'settled', 0, 'late', 0)
elseif before ~= ARGV[3] then
  redis.call('HINCRBY', KEYS[1], 'free', string.format('%.0f', tonumber(ARGV[3]) - tonumber(before)))
  redis.call('HSET', KEYS[1], 'amount', ARGV[3])
end

local budget = redis.call('HMGET', KEYS[1], 'free', 'leased', 'settled')
local belowCeiling = tonumber(ARGV[4]) - tonumber(budget[2]) - tonumber(budget[3])
local granted = math.max(0, math.min(tonumber(ARGV[2]), tonumber(budget[1]), belowCeiling))
local text = string.format('%.0f', granted)
if granted > 0 then
  redis.call('HINCRBY', KEYS[1], 'free', '-' .. text)
  redis.call('HINCRBY', KEYS[1], 'leased', text)
  redis.call('HSET', KEYS[2], ARGV[1], text .. ' ' .. text .. ' 0 0')
  redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
end
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[6]) end
return text
