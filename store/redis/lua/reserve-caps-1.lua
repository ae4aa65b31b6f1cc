-- reserve-caps-1.lua: holds impressions of one person for bids, so that no two bidders pass a cap.
-- KEYS[1] the person's exposure log (proto/exposure-log.ts: 24 bytes an entry, '<I4I4dd').
-- ARGV[1] now, Unix ms. ARGV[2] number of reservations. Then for each: campaign key, bid key,
-- expiry in Unix ms, number of rules, and for each rule: 'campaign' or 'shop', imps max, window ms.
-- Returns a list of 1 (granted) and 0, one for each reservation.
local RESERVED, CONFIRMED, BLANK = 1, 2, 0
local EXPOSURES_MAX, WINDOW_MAX_MS = 512, 31 * 24 * 3600000
local now = tonumber(ARGV[1])
local unpack, pack = struct.unpack, struct.pack

-- A value of another type or size is no log.
local log = redis.pcall('GET', KEYS[1])
if type(log) ~= 'string' or #log % 24 ~= 0 then log = '' end

-- The entries that count, column by column: a table an entry costs more than all the rest.
local campaigns, ats, bids, count = {}, {}, {}, 0
-- The log without the entries that count no longer, in runs of bytes, and when the last one ends.
local kept, runStart, lastMs = {}, 1, now + 1000
for position = 1, #log, 24 do
  local campaign, state, at, bid = unpack('<I4I4dd', log, position)
  local untilMs = at
  if state == CONFIRMED then
    untilMs = at + WINDOW_MAX_MS
  elseif state == RESERVED then
    -- It counts in every window.
    at = math.huge
  else
    untilMs = now
  end
  if untilMs > now then
    count = count + 1
    campaigns[count], ats[count], bids[count] = campaign, at, bid
    if untilMs > lastMs then lastMs = untilMs end
  else
    if runStart < position then kept[#kept + 1] = string.sub(log, runStart, position - 1) end
    runStart = position + 24
  end
end
kept[#kept + 1] = string.sub(log, runStart)

local function isKnown(campaign, bid)
  for i = 1, count do
    if bids[i] == bid and campaigns[i] == campaign then return true end
  end
  return false
end

local function seen(scope, campaign, windowMs)
  local imps, sinceMs, isShop = 0, now - windowMs, scope == 'shop'
  for i = 1, count do
    -- A blank may become an impression of any campaign.
    local counts = isShop or campaigns[i] == campaign or campaigns[i] == BLANK
    if counts and ats[i] > sinceMs then imps = imps + 1 end
  end
  return imps
end

local granted, changed, at = {}, false, 3
for i = 1, tonumber(ARGV[2]) do
  local campaign, bid = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local expiresAt, rules = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  at = at + 4
  local known = isKnown(campaign, bid)
  local allowed = known or count < EXPOSURES_MAX
  for rule = at, at + (rules - 1) * 3, 3 do
    if allowed and not known then
      allowed = seen(ARGV[rule], campaign, tonumber(ARGV[rule + 2])) < tonumber(ARGV[rule + 1])
    end
  end
  at = at + rules * 3
  if allowed and not known then
    count = count + 1
    campaigns[count], ats[count], bids[count] = campaign, math.huge, bid
    kept[#kept + 1] = pack('<I4I4dd', campaign, RESERVED, expiresAt, bid)
    if expiresAt > lastMs then lastMs = expiresAt end
    changed = true
  end
  granted[i] = allowed and 1 or 0
end

if changed then
  redis.call('SET', KEYS[1], table.concat(kept), 'PX', string.format('%.0f', lastMs - now))
end
return granted
