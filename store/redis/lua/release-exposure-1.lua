-- release-exposure-1.lua: a bid was lost; its reservation stops counting, unless it was confirmed.
-- KEYS[1] the person's exposure log (proto/exposure-log.ts: 24 bytes an entry, '<I4I4dd').
-- ARGV[1] campaign key. ARGV[2] bid key.
-- Returns 1 when a reservation was taken out, else 0.
local RESERVED, BLANK = 1, 0
local campaign, bid = tonumber(ARGV[1]), tonumber(ARGV[2])

local log = redis.pcall('GET', KEYS[1])
if type(log) ~= 'string' or #log % 24 ~= 0 then return 0 end

for position = 1, #log, 24 do
  local entryCampaign, state, _, entryBid = struct.unpack('<I4I4dd', log, position)
  -- A blank of the bid that nobody has filled in yet is the bid's.
  local own = entryBid == bid and (entryCampaign == campaign or entryCampaign == BLANK)
  if own and state == RESERVED then
    local rest = string.sub(log, 1, position - 1) .. string.sub(log, position + 24)
    if rest == '' then
      redis.call('DEL', KEYS[1])
    else
      redis.call('SET', KEYS[1], rest, 'KEEPTTL')
    end
    return 1
  end
end
return 0
