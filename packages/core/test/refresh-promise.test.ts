import { describe, expect, it } from 'vitest'
import { running, world } from './world.ts'

describe('a refresh that nobody waits for', () => {
  it('S8: is no unhandled rejection, whatever becomes of it', async () => {
    const w = world({ answer: () => Promise.reject(new Error('down')) })
    w.cache.start().getOrCreate('a', running())
    // Vitest fails the run on any rejection that nobody handles.
    void w.cache.refresh('a')
    void w.cache.refresh('absent')
    await w.clock.advance(0)
    void w.cache.refresh('a')
    await w.cache.stop()
    void w.cache.refresh('a')
    await w.clock.advance(0)
    expect(w.cache.getSnapshot('a').error).toMatchObject({ message: 'down' })
  })

  it('S8: and who does wait is told', async () => {
    const w = world()
    w.cache.start()
    await expect(w.cache.refresh('absent')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
