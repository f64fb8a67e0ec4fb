import type { ItemId } from '@auto-refresh/core'
import type { StoredState, StoredStates, StoredStatesPort } from '../group/transport.ts'
import type { Ask } from '../protocol/message.ts'

/** The store of a group: values that outlive leaders and lost messages (V4, V5). */
export class GroupValues implements StoredStates {
  readonly #port: StoredStatesPort
  /** Readings under way. What comes after one waits for it, so that nothing is overtaken. */
  #running = 0
  #last: Promise<void> = Promise.resolve()

  constructor(port: StoredStatesPort) {
    this.#port = port
  }

  /** The leader takes an ask, once it has what is stored of new ids: before it asks the source (V5). */
  lookUp(from: string, ask: Ask): void {
    const leader = this.#port.leader()
    if (leader === undefined) return
    const ids = (ask.add ?? []).map(({ id }) => id).filter((id) => !leader.isWanted(id))
    this.#read(ids, (states) => {
      if (this.#port.leader() !== leader) return
      if (states.length > 0) this.#port.seedBack(states)
      leader.receive(from, ask)
    })
  }

  /** A follower reads what is stored of ids. */
  readWants(ids: readonly ItemId[]): void {
    if (this.#port.connection.read !== undefined) this.#read(ids, (states) => this.take(states))
  }

  /** A follower takes what was read. */
  take(states: readonly StoredState[]): void {
    if (!this.#port.isCurrent()) return
    const { epoch, leader } = this.#port.roles()
    const isCurrent = (state: StoredState): boolean => leader !== undefined && state.epoch === epoch
    this.#port.link.stored(states.map((state) => (isCurrent(state) ? state : { ...state, seq: 0 })))
  }

  /** The store vouches for a leader that this member cannot hear (V4). */
  vouched(leader: string, epoch: number): void {
    const { link, wants } = this.#port
    const roles = this.#port.roles()
    if (!this.#port.isCurrent() || !roles.heard(leader, epoch, 'beat')) return
    roles.acknowledged()
    link.excuse()
    this.readWants([...wants])
  }

  #read(ids: readonly ItemId[], done: (states: readonly StoredState[]) => void): void {
    const reading = ids.length === 0 ? undefined : this.#port.connection.read?.(ids)
    if (reading === undefined && this.#running === 0) {
      done([])
      return
    }
    this.#running += 1
    const before = this.#last
    this.#last = (async () => {
      const states = (await reading) ?? []
      await before
      this.#running -= 1
      done(states)
    })()
  }
}
