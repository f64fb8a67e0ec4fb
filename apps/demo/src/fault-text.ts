import type { Faults } from '@auto-refresh/demo-server/api'

/** Names what goes wrong: 'answers take 2,000 ms, one job is poisoned'. */
export function describeFaults({ latency, errorRate, hang, retryAfter, poisonedIds }: Faults): string {
  const parts: string[] = []
  if (latency > 0) parts.push(`answers take ${latency.toLocaleString('en')} ms`)
  if (errorRate > 0) parts.push(`${Math.round(errorRate * 100)} % of requests fail`)
  if (hang) parts.push('requests are not answered')
  if (retryAfter !== null) parts.push(`requests are answered with 429, Retry-After ${retryAfter} s`)
  if (poisonedIds.length === 1) parts.push('one job is poisoned')
  if (poisonedIds.length > 1) parts.push(`${poisonedIds.length} jobs are poisoned`)
  return parts.join(', ')
}
