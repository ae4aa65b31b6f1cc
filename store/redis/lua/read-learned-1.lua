-- read-learned-1.lua: reads what was learned about an exchange, and removes what has ended.
-- KEYS[1] the records: name to 'end-in-Unix-ms bytes'.
-- ARGV[1] now, Unix ms. ARGV[2] the name asked for, '' for all.
-- Returns names and whole values in turn. A value of another type has no records.
local all
if ARGV[2] == '' then
  all = redis.pcall('HGETALL', KEYS[1])
else
  local value = redis.pcall('HGET', KEYS[1], ARGV[2])
  all = type(value) == 'string' and { ARGV[2], value } or {}
end
if all.err then return {} end
local found = {}
for i = 1, #all, 2 do
  local ends = string.match(all[i + 1], '^(%d+) ')
  if ends and tonumber(ends) > tonumber(ARGV[1]) then
    found[#found + 1] = all[i]
    found[#found + 1] = all[i + 1]
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return found
