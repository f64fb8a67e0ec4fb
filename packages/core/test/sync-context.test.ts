import { type SyncContext } from '@auto-refresh/core'
import { describe, expect, it } from 'vitest'
import { running, unchanged, world } from './world.ts'

/** A cache that keeps a copy of the context of its last call, as a wrapper of a sync function makes one. */
function copying() {
  const copies: { readonly signal: AbortSignal; readonly tenant: string }[] = []
  const contexts: SyncContext[] = []
  const w = world({
    timeout: 2000,
    sync: (batch, context) => {
      contexts.push(context)
      copies.push({ ...context, tenant: 'x' })
      return contexts.length === 1 ? new Promise(() => {}) : unchanged(batch)
    },
  })
  w.cache.start().getOrCreate('a', running())
  return { ...w, copies, contexts }
}

describe('the context of a sync function', () => {
  it('L3: `signal` is an own property, so that a copy of the context has it', async () => {
    const { clock, contexts, copies } = copying()
    await clock.advance(0)
    expect(Object.keys(contexts[0] ?? {})).toEqual(['signal'])
    expect(copies[0]?.signal).toBeInstanceOf(AbortSignal)
    expect(copies[0]?.signal).toBe(contexts[0]?.signal)
    expect(copies[0]?.signal.aborted).toBe(false)
  })

  it.each(['timeout', 'stop', 'clear'] as const)(
    'L3, T1, G2: the signal of a copy is aborted by %s',
    async (by) => {
      const { cache, clock, copies } = copying()
      await clock.advance(100)
      if (by === 'stop') void cache.stop()
      if (by === 'clear') cache.clear()
      if (by === 'timeout') await clock.advance(1900)
      expect(copies[0]?.signal.aborted).toBe(true)
    },
  )
})
