-- release-bid-3.lua: a bid was lost; its money returns from the lease to free, once.
-- KEYS[1] budget hash. KEYS[2] leases hash: id -> 'granted left ended returned'.
-- KEYS[3] what became of the bid: 'settled' or 'released'.
-- ARGV[1] lease id. ARGV[2] nanos. ARGV[3] life of KEYS[3], ms.
-- Returns 1, or 0 when the bid was settled or released before, or the budget is unknown.
if redis.call('HEXISTS', KEYS[1], 'amount') == 0 then return 0 end
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end

local row = redis.call('HGET', KEYS[2], ARGV[1])
if row then
  local granted, left, ended, returned = string.match(row, '^(%d+) (%d+) (%d) (%d)$')
  if ended == '0' then
    local back = math.min(tonumber(left), tonumber(ARGV[2]))
    local rest = string.format('%.0f', tonumber(left) - back)
    redis.call('HSET', KEYS[2], ARGV[1], granted .. ' ' .. rest .. ' 0 ' .. returned)
    redis.call('HINCRBY', KEYS[1], 'leased', string.format('%.0f', 0 - back))
    redis.call('HINCRBY', KEYS[1], 'free', string.format('%.0f', back))
  end
end
redis.call('SET', KEYS[3], 'released', 'PX', ARGV[3])
return 1
