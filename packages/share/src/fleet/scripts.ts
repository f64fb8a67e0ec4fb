/** A script as the server runs it. Its name at the server is the SHA-1 of its source. */
export interface Script {
  readonly source: string
  readonly sha1: string
}

/**
 * Takes the lease, if nobody holds it. The fence is higher than the last one, than any that the taker has heard of, and than
 * the server's time, so that a flush makes none older. A lease without an end, or of another type, is none.
 *
 * KEYS: lease, fence. ARGV: token, lease (ms), highest epoch heard of, time to keep the fence (ms).
 * Returns {1, fence}, or {0, ms that the lease still runs, its value}.
 */
export const TAKE: Script = {
  source: `local held = redis.pcall('GET', KEYS[1])
if type(held) == 'string' then
  local left = redis.call('PTTL', KEYS[1])
  if left > 0 then return {0, left, held} end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = redis.pcall('GET', KEYS[2])
last = type(last) == 'string' and tonumber(last) or 0
if not (last < now + 172800000) then last = 0 end
local fence = string.format('%.0f', math.max(last + 1, tonumber(ARGV[3]) + 1, now))
redis.call('SET', KEYS[2], fence, 'PX', ARGV[4])
redis.call('SET', KEYS[1], fence .. ':' .. ARGV[1], 'PX', ARGV[2])
return {1, fence}
`,
  sha1: '18c66eb253994663f11a98c5c231dacf97a0e92b',
}

/**
 * Renews the lease, if it is still this one.
 *
 * KEYS: lease, fence. ARGV: value of the lease, lease (ms), time to keep the fence (ms). Returns 1 or 0.
 */
export const RENEW: Script = {
  source: `if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
`,
  sha1: '497452b8d30a8e0eed06eb674d36e3c07fddc44a',
}

/**
 * Gives up the lease, if it is the one taken with this token, and says so to those who wait for it.
 *
 * KEYS: lease. ARGV: token, channel, text. Returns 1 or 0.
 */
export const RELEASE: Script = {
  source: `local held = redis.pcall('GET', KEYS[1])
if type(held) ~= 'string' or string.sub(held, -#ARGV[1] - 1) ~= ':' .. ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
`,
  sha1: 'f133fa6ede2cc0f919268c24d53ac11f23548429',
}

/**
 * Stores values and announces them, if the lease is still this one.
 *
 * KEYS: lease, keys of values, keys to delete. ARGV: value of the lease, channel, text ('' for none), time to keep values
 * (ms), values. Returns 1 or 0.
 */
export const TELL: Script = {
  source: `if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local count = #ARGV - 4
for i = 1, count do redis.call('SET', KEYS[i + 1], ARGV[i + 4], 'PX', ARGV[4]) end
for i = count + 2, #KEYS do redis.call('DEL', KEYS[i]) end
if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
return 1
`,
  sha1: '54cf139160fc66bfc294c9588ccc4da3c805ef69',
}

/** Reads values. KEYS: their keys. Returns a value and its time to live (ms) for each; '' and 0 if there is none. */
export const READ: Script = {
  source: `local found = {}
for i, key in ipairs(KEYS) do
  local value = redis.pcall('GET', key)
  local is = type(value) == 'string'
  found[2 * i - 1] = is and value or ''
  found[2 * i] = is and redis.call('PTTL', key) or 0
end
return found
`,
  sha1: 'aeae5f3ce9f647ea988dd4bb919fd926163af597',
}
