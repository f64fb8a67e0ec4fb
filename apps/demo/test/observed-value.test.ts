import { expect, it, vi } from 'vitest'
import { ObservedValue } from '../src/observed-value.ts'

it('tells of a new value, and of nothing else', () => {
  const value = new ObservedValue(1)
  const listener = vi.fn<() => void>()
  const unsubscribe = value.subscribe(listener)
  value.set(1)
  expect(listener).not.toHaveBeenCalled()
  value.set(2)
  expect(value.get()).toBe(2)
  expect(listener).toHaveBeenCalledOnce()
  unsubscribe()
  value.set(3)
  expect(listener).toHaveBeenCalledOnce()
})

it('can be taken apart, as frameworks do', () => {
  const { get, subscribe } = new ObservedValue('a')
  expect(get()).toBe('a')
  expect(() => subscribe(() => undefined)()).not.toThrow()
})
