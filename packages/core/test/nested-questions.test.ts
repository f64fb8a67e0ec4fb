import { customBatches } from '@auto-refresh/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from './scheduling.ts'
import { captureReports, running, world, type Job, type World } from './world.ts'

let captured: ReturnType<typeof captureReports>
beforeEach(() => {
  captured = captureReports()
})
afterEach(() => captured.restore())

describe('a callback that asks the cache for another', () => {
  it('O3, F7: the listener that is told of the error of the inner one may write', async () => {
    const odd = new Error('odd')
    const w: World<Job> = world({
      isTerminal({ step }) {
        if (step === 9) throw odd
        return false
      },
      policies: [
        customBatches((due) => {
          w.cache.isTerminal(running(9))
          return [due]
        }),
      ],
    })
    w.cache.onEvent(({ type }) => {
      if (type === 'callback-error') w.cache.update('a', running(1))
    })
    w.cache.start().getOrCreate('a', running())
    await w.clock.advance(0)
    expect(captured.reports).toEqual([odd])
    expect(w.cache.get('a')).toEqual(running(1))
  })
})

describe('a callback that aborts the signal of `start`', () => {
  it('O7, S8: what the settled call was asked for resolves; then the cache stops', async () => {
    const controller = new AbortController()
    const { cache, clock } = world<Job>({
      isTerminal() {
        controller.abort()
        return false
      },
      answer: (batch) => batch.map(({ id }) => ({ id, item: running(1) })),
    })
    cache.start({ signal: controller.signal })
    for (const id of ['a', 'b']) cache.getOrCreate(id)
    const outcomes = ['a', 'b'].map((id) => outcomeOf(cache.refresh(id)))
    await clock.advance(0)
    expect(outcomes.map(({ state }) => state)).toEqual(['resolved', 'resolved'])
    expect(['a', 'b'].map((id) => cache.get(id))).toEqual([running(1), running(1)])
    expect(cache.isRunning).toBe(false)
  })
})
