-- sweep-leases-3.lua: ends expired leases, whose rest returns to free, and forgets long ended ones.
-- KEYS[1] budget hash. KEYS[2] leases hash: id -> 'granted left ended returned'.
-- KEYS[3] lease ends, scored by Unix ms: an open lease by its expiry, an ended one by when its
-- grant may be forgotten.
-- ARGV[1] now, Unix ms. ARGV[2] how long after its expiry an ended lease is remembered, ms.
-- ARGV[3] most leases to look at.
-- Returns the number of leases ended.
local due = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local endedCount = 0
for i = 1, #due, 2 do
  local id = due[i]
  local row = redis.call('HGET', KEYS[2], id)
  local granted, left, ended, returned
  if row then granted, left, ended, returned = string.match(row, '^(%d+) (%d+) (%d) (%d)$') end
  if ended == '0' then
    redis.call('HINCRBY', KEYS[1], 'leased', string.format('%.0f', 0 - tonumber(left)))
    redis.call('HINCRBY', KEYS[1], 'free', left)
    redis.call('HSET', KEYS[2], id, granted .. ' 0 1 ' .. returned)
    redis.call('ZADD', KEYS[3], string.format('%.0f', tonumber(due[i + 1]) + tonumber(ARGV[2])), id)
    endedCount = endedCount + 1
  else
    redis.call('HDEL', KEYS[2], id)
    redis.call('ZREM', KEYS[3], id)
  end
end
return endedCount
