-- fill-blanks-1.lua: blanks in an exposure log become the reservations of bids, or go.
-- KEYS[1] the person's exposure log (proto/exposure-log.ts: 24 bytes an entry).
-- ARGV[1] the entry of a blank. ARGV[2] the entry to put in its place, or empty. Then more such pairs.
-- Returns how many were there: others were confirmed or released as their bids, or have expired.
local log = redis.pcall('GET', KEYS[1])
if type(log) ~= 'string' or #log % 24 ~= 0 then return 0 end

local count = 0
for i = 1, #ARGV, 2 do
  local at = string.find(log, ARGV[i], 1, true)
  while at and at % 24 ~= 1 do at = string.find(log, ARGV[i], at + 1, true) end
  if at then
    log = string.sub(log, 1, at - 1) .. ARGV[i + 1] .. string.sub(log, at + 24)
    count = count + 1
  end
end

if log == '' then
  redis.call('DEL', KEYS[1])
elseif count > 0 then
  redis.call('SET', KEYS[1], log, 'KEEPTTL')
end
return count
