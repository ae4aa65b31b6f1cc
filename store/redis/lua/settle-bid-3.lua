-- settle-bid-3.lua: books the price of one bid, once; what its lease no longer holds is late.
-- KEYS[1] budget hash. KEYS[2] leases hash: id -> 'granted left ended returned'.
-- KEYS[3] what became of the bid: 'settled' or 'released'.
-- ARGV[1] lease id. ARGV[2] nanos. ARGV[3] life of KEYS[3], ms.
-- Returns 'counted', 'late', 'duplicate' or 'unknown-budget'.
if redis.call('HEXISTS', KEYS[1], 'amount') == 0 then return 'unknown-budget' end
if redis.call('GET', KEYS[3]) == 'settled' then return 'duplicate' end

local nanos, held, ended = tonumber(ARGV[2]), 0, true
local row = redis.call('HGET', KEYS[2], ARGV[1])
if row then
  local granted, left, isEnded, returned = string.match(row, '^(%d+) (%d+) (%d) (%d)$')
  ended = isEnded == '1'
  if not ended then
    held = math.min(tonumber(left), nanos)
    local rest = string.format('%.0f', tonumber(left) - held)
    redis.call('HSET', KEYS[2], ARGV[1], granted .. ' ' .. rest .. ' 0 ' .. returned)
    redis.call('HINCRBY', KEYS[1], 'leased', string.format('%.0f', 0 - held))
  end
end

local late = nanos - held
redis.call('HINCRBY', KEYS[1], 'settled', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'free', string.format('%.0f', 0 - late))
redis.call('HINCRBY', KEYS[1], 'late', string.format('%.0f', late))
redis.call('SET', KEYS[3], 'settled', 'PX', ARGV[3])
if late > 0 or ended then return 'late' end
return 'counted'
