import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../resolve-options.ts'
import { addEntry, removeEntry } from './entries.ts'
import { createState, type State } from './state.ts'
import { addSubscription, removeSubscription, tellSubscribers } from './subscribers.ts'

const nothing = (): void => {}

const newState = (): State<string> =>
  createState(resolveOptions<string>({ sync: () => [], interval: 1000 }), nothing)

const subscribe = (state: State<string>, id: string, activity = false) =>
  addSubscription(state, id, nothing, activity, false)

describe('what is kept of an id without an entry', () => {
  it('O6: nothing, when its last subscription has ended', () => {
    const state = newState()
    const [first, second] = [subscribe(state, 'a'), subscribe(state, 'a')]
    removeSubscription(state, first)
    expect([...state.absent.keys()]).toEqual(['a'])
    removeSubscription(state, second)
    expect(state.absent.size).toBe(0)
  })

  it('O6: nothing, if it had no subscriber when its entry was removed', () => {
    const state = newState()
    removeEntry(state, addEntry(state, 'a', 'item', true), 'deleted')
    expect(state.absent.size).toBe(0)
  })
})

describe('the number of subscriptions to activity', () => {
  it('O2: counts those that have not ended, and no others', () => {
    const state = newState()
    const plain = subscribe(state, 'a')
    expect(state.activityCount).toBe(0)
    const active = [subscribe(state, 'a', true), subscribe(state, 'b', true)]
    expect(state.activityCount).toBe(2)
    for (const each of [plain, ...active]) removeSubscription(state, each)
    expect(state.activityCount).toBe(0)
  })
})

describe('what is told at the end of the turn', () => {
  it('O2: each id once, however often it changes', () => {
    const state = newState()
    const [a, b] = ['a', 'b'].map((id) => subscribe(state, id).observed)
    for (const each of [a, a, b, a, b]) if (each !== undefined) tellSubscribers(state, each, true)
    expect(state.pendingObserved).toEqual([a, b])
  })

  it('O2: an id once that is created, with the subscribers that it had', () => {
    const state = newState()
    subscribe(state, 'a')
    const entry = addEntry(state, 'a', 'item', true)
    expect(state.pendingObserved).toEqual([entry])
  })

  it('O2: nothing of activity for an id whose subscribers are not told of it', () => {
    const state = newState()
    const { observed } = subscribe(state, 'a')
    const active = subscribe(state, 'b', true)
    tellSubscribers(state, observed, false)
    expect(state.pendingObserved).toEqual([])
    tellSubscribers(state, active.observed, false)
    expect(state.pendingObserved).toEqual([active.observed])
  })
})
