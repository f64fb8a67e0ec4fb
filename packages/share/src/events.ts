import type { AutoRefresh, AutoRefreshEvent } from '@auto-refresh/core'
import type { Role } from './group/roles.ts'
import { tell } from './tell.ts'

type Listener<Item> = (event: AutoRefreshEvent<Item>) => void

/** Events of the back that tell of the calls of this member. Those of items are told by the front. */
const ABOUT_CALLS: ReadonlySet<string> = new Set([
  'sync-started',
  'sync-settled',
  'outage-started',
  'outage-ended',
  'unexpected-response',
  'callback-error',
])

/** Tells the application of both caches of a member, and of its role (K11). */
export class Events<Item> {
  readonly #listeners = new Map<object, Listener<Item>>()
  readonly #ends = new Map<object, (() => void)[]>()
  #back: AutoRefresh<Item> | undefined
  /** Numbers of the calls: those of both caches are counted together. */
  readonly #numbers = new Map<string, number>()
  #calls = 0
  readonly #isElsewhere: () => boolean
  /** An outage was told that has not ended. */
  #isOutage = false
  /** True if the present event of the back is told. */
  #isTold = true

  /** @param isElsewhere true while another member's view of the source counts, and it sees an outage */
  constructor(isElsewhere: () => boolean) {
    this.#isElsewhere = isElsewhere
  }

  add(front: Pick<AutoRefresh<Item>, 'onEvent'>, listener: Listener<Item>): () => void {
    const key = {}
    this.#ends.set(key, [front.onEvent((event) => listener(this.#numbered('front', event)))])
    this.#listeners.set(key, listener)
    if (this.#back !== undefined) this.#addBack(key, listener, this.#back)
    return () => {
      for (const end of this.#ends.get(key) ?? []) end()
      this.#ends.delete(key)
      this.#listeners.delete(key)
    }
  }

  /** The member has a back now. */
  backCreated(back: AutoRefresh<Item>): void {
    this.#back = back
    back.onEvent(({ type }) => this.#watchOutage(type))
    for (const [key, listener] of this.#listeners) this.#addBack(key, listener, back)
  }

  roleChanged(role: Role): void {
    this.#tell({ type: 'role', role })
  }

  /** The leader sees no outage any more: what this member told of one while it led is over (F12). */
  outageOver(): void {
    if (!this.#isOutage) return
    this.#isOutage = false
    this.#tell({ type: 'outage-ended' })
  }

  /** An outage is told once, whoever leads meanwhile. Called before the listeners. */
  #watchOutage(type: AutoRefreshEvent<Item>['type']): void {
    const isStart = type === 'outage-started'
    this.#isTold = true
    if (isStart) this.#isTold = !this.#isOutage
    else if (type === 'outage-ended') this.#isTold = this.#isOutage && !this.#isElsewhere()
    else return
    if (this.#isTold) this.#isOutage = isStart
  }

  #tell(event: AutoRefreshEvent<Item>): void {
    for (const [key, listener] of [...this.#listeners]) {
      if (this.#listeners.has(key)) tell(() => listener(event))
    }
  }

  #addBack(key: object, listener: Listener<Item>, back: AutoRefresh<Item>): void {
    const end = back.onEvent((event) => {
      if (this.#isTold && ABOUT_CALLS.has(event.type)) listener(this.#numbered('back', event))
    })
    this.#ends.get(key)?.push(end)
  }

  #numbered(cache: string, event: AutoRefreshEvent<Item>): AutoRefreshEvent<Item> {
    if (event.type !== 'sync-started' && event.type !== 'sync-settled') return event
    const key = `${cache} ${event.call}`
    const call = this.#numbers.get(key) ?? (this.#calls += 1)
    this.#numbers.set(key, call)
    return { ...event, call }
  }
}
