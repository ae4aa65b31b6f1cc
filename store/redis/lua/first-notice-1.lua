-- first-notice-1.lua: tells whether a notice is seen for the first time.
-- KEYS[1] the notice: 'end-in-Unix-ms call'.
-- ARGV[1] now, Unix ms. ARGV[2] how long to remember, ms. ARGV[3] name of this call: the same call
-- sent twice by the client, because a node failed over in between, gets its first answer again.
-- Returns 1 the first time, else 0.
local known = redis.call('GET', KEYS[1])
if known then
  local ends, call = string.match(known, '^(%d+) (.*)$')
  if call == ARGV[3] then return 1 end
  if ends and tonumber(ends) > tonumber(ARGV[1]) then return 0 end
end
local ends = string.format('%.0f', tonumber(ARGV[1]) + tonumber(ARGV[2]))
redis.call('SET', KEYS[1], ends .. ' ' .. ARGV[3], 'PX', ARGV[2])
return 1
