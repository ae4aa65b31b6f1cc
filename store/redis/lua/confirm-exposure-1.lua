-- confirm-exposure-1.lua: an impression was shown; it counts once, also without a reservation.
-- KEYS[1] the person's exposure log (proto/exposure-log.ts: 24 bytes an entry, '<I4I4dd').
-- ARGV[1] now, Unix ms. ARGV[2] campaign key. ARGV[3] bid key.
-- Returns 1 when it counts now for the first time, else 0.
local RESERVED, CONFIRMED, BLANK = 1, 2, 0
local EXPOSURES_MAX, WINDOW_MAX_MS = 512, 31 * 24 * 3600000
local now, campaign, bid = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

-- A value of another type or size is no log.
local log = redis.pcall('GET', KEYS[1])
if type(log) ~= 'string' or #log % 24 ~= 0 then log = '' end

local kept = {}
for position = 1, #log, 24 do
  local entryCampaign, state, at, entryBid = struct.unpack('<I4I4dd', log, position)
  local live = (state == RESERVED and at > now)
    or (state == CONFIRMED and at > now - WINDOW_MAX_MS)
  -- A blank of the bid that nobody has filled in yet is the bid's.
  local own = entryBid == bid and (entryCampaign == campaign or entryCampaign == BLANK)
  if live and own then
    if state == CONFIRMED then return 0 end
  elseif live then
    kept[#kept + 1] = string.sub(log, position, position + 23)
  end
end
-- A full log loses its oldest entry, so it stays full and the person capped.
while #kept >= EXPOSURES_MAX do table.remove(kept, 1) end
kept[#kept + 1] = struct.pack('<I4I4dd', campaign, CONFIRMED, now, bid)
redis.call('SET', KEYS[1], table.concat(kept), 'PX', string.format('%.0f', WINDOW_MAX_MS))
return 1
