/** Returns a whole number with its thousands apart, as `12,345`. */
export function formatNumber(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** Returns `1 item` or `12 items`. */
export function formatCount(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Returns what a call took: `84 ms`, `1.24 s`. @param ms milliseconds */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
}

/** Returns a time to wait, or one that has passed: `4 s`, `3 m 04 s`, `2 h 05 m`, `3 d 04 h`. @param ms milliseconds */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} m ${twoDigits(seconds % 60)} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${twoDigits(minutes % 60)} m`
  return `${Math.floor(hours / 24)} d ${twoDigits(hours % 24)} h`
}

/** Returns the local time of the day, as `14:03:07.250`. @param epoch ms since 1970 */
export function formatTime(epoch: number): string {
  const date = new Date(epoch)
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits)
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
