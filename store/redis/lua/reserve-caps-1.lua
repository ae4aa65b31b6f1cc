-- reserve-caps-1.lua: holds impressions of one person for bids, so that no two bidders pass a cap.
-- KEYS[1] the person's exposure log (proto/exposure-log.ts: 24 bytes an entry, '<I4I4dd').
-- ARGV[1] now, Unix ms. ARGV[2] number of reservations. Then for each: campaign key, bid key,
-- expiry in Unix ms, number of rules, and for each rule: 'campaign' or 'shop', imps max, window ms.
-- Returns a list of 1 (granted) and 0, one for each reservation.
local RESERVED, CONFIRMED = 1, 2
local EXPOSURES_MAX, WINDOW_MAX_MS = 512, 31 * 24 * 3600000
local now = tonumber(ARGV[1])

-- A value of another type or size is no log.
local log = redis.pcall('GET', KEYS[1])
if type(log) ~= 'string' or #log % 24 ~= 0 then log = '' end

local entries, count = {}, 0
for position = 1, #log, 24 do
  local campaign, state, at, bid = struct.unpack('<I4I4dd', log, position)
  if (state == RESERVED and at > now) or (state == CONFIRMED and at > now - WINDOW_MAX_MS) then
    count = count + 1
    entries[count] = { campaign, state, at, bid }
  end
end

local function isKnown(campaign, bid)
  for i = 1, count do
    if entries[i][1] == campaign and entries[i][4] == bid then return true end
  end
  return false
end

local function seen(scope, campaign, windowMs)
  local imps = 0
  for i = 1, count do
    local entry = entries[i]
    if (scope == 'shop' or entry[1] == campaign)
      and (entry[2] == RESERVED or entry[3] > now - windowMs) then
      imps = imps + 1
    end
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
  for _ = 1, rules do
    if not known and seen(ARGV[at], campaign, tonumber(ARGV[at + 2])) >= tonumber(ARGV[at + 1]) then
      allowed = false
    end
    at = at + 3
  end
  if allowed and not known then
    count = count + 1
    entries[count] = { campaign, RESERVED, expiresAt, bid }
    changed = true
  end
  granted[i] = allowed and 1 or 0
end

if changed then
  local packed, lifeMs = {}, 1000
  for i = 1, count do
    local entry = entries[i]
    packed[i] = struct.pack('<I4I4dd', entry[1], entry[2], entry[3], entry[4])
    local untilMs = entry[2] == CONFIRMED and entry[3] + WINDOW_MAX_MS or entry[3]
    lifeMs = math.max(lifeMs, untilMs - now)
  end
  redis.call('SET', KEYS[1], table.concat(packed), 'PX', string.format('%.0f', lifeMs))
end
return granted
