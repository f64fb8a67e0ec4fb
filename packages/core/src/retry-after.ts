import { systemClock } from './environment/clock.ts'

/** The part of a `Response` that `retryAfterOf` reads. */
export interface ResponseLike {
  readonly headers: { get(name: string): string | null }
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const CENTURY = 100

/** The three forms of a date in HTTP (RFC 9110, 5.6.7), of which only the first is still sent. */
const IMF_FIXDATE =
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>[\d:]{8}) GMT$/
const RFC_850 = /^[A-Z][a-z]+day, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>[\d:]{8}) GMT$/
const ASCTIME = /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>[\d:]{8}) (?<year>\d{4})$/

/**
 * Returns how long a server asks to be left alone, ms, for an error's `retryAfter`.
 *
 * ```ts
 * if (response.status === 429) throw Object.assign(new Error('HTTP 429'), { retryAfter: retryAfterOf(response) })
 * ```
 *
 * @param header The value of a `Retry-After` header, or the response that may have one.
 * @param now Wall clock, epoch ms. Default: now.
 * @returns 0 for a date in the past; undefined if the header is missing, or neither whole seconds nor a date of HTTP.
 */
export function retryAfterOf(
  header: string | null | undefined | ResponseLike,
  now: number = systemClock.epoch(),
): number | undefined {
  const value = typeof header === 'object' ? header?.headers.get('retry-after') : header
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER)
  const date = httpDate(text, now)
  return date === undefined ? undefined : Math.max(0, date - now)
}

/** Returns epoch ms; undefined if `text` is not a date of HTTP. Not `Date.parse`, which reads 1.5 as a date, too. */
function httpDate(text: string, now: number): number | undefined {
  const match = IMF_FIXDATE.exec(text) ?? RFC_850.exec(text) ?? ASCTIME.exec(text)
  const fields: Readonly<Record<string, string>> = match?.groups ?? {}
  // It needs no anchors: `time` has the eight characters of a time.
  const time = /([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)/.exec(fields['time'] ?? '')
  const month = MONTHS.indexOf(fields['month'] ?? '-') / 3
  const day = Number(fields['day'])
  if (time === null || !Number.isInteger(month) || day < 1 || day > 31) return undefined
  const year = String(fields['year'])
  const [, hours, minutes, seconds] = time.map(Number)
  return Date.UTC(
    year.length === 2 ? fullYear(Number(year), now) : Number(year),
    month,
    day,
    hours,
    minutes,
    seconds,
  )
}

/** Two digits stand for the latest year that is at most 50 years in the future. */
function fullYear(digits: number, now: number): number {
  const latest = new Date(now).getUTCFullYear() + 50
  return latest - ((((latest - digits) % CENTURY) + CENTURY) % CENTURY)
}
