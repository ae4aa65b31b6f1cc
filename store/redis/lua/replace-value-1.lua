-- replace-value-1.lua: writes a record, unless somebody else has written since it was read.
-- KEYS[1] the record: a person's live facts, or their exposure log.
-- ARGV[1] '1' when a record was read, '0' when there was none. ARGV[2] the record read.
-- ARGV[3] the new record. ARGV[4] its life, ms.
-- Returns 1 when written, 0 when the caller must read again.
-- A value of another type is no record; SET replaces it.
local current = redis.pcall('GET', KEYS[1])
if type(current) ~= 'string' then current = false end
if ARGV[1] == '1' then
  if current ~= ARGV[2] then return 0 end
elseif current then
  return 0
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
return 1
