import {
  AutoRefreshError,
  type AutoRefreshEvent,
  type AutoRefreshStats,
  type Clock,
  InMemoryAutoRefresh,
  type IntervalOption,
  type ItemId,
  type SyncFunction,
} from '@auto-refresh/core'
import { adopt, stateOf, systemClock } from '@auto-refresh/core/adapter'
import { Events } from './events.ts'
import { Membership } from './group/membership.ts'
import type { Role } from './group/roles.ts'
import { noTraffic, type Traffic } from './group/traffic.ts'
import { GroupWatch } from './group-watch.ts'
import type { BackCache, Join } from './leader/back-cache.ts'
import { Lead } from './leader/lead.ts'
import { Delays } from './member/delays.ts'
import { Link } from './member/link.ts'
import { Formless } from './protocol/formless.ts'
import { frontPolicies, openGate, refreshAlone } from './member/alone.ts'
import { Wants } from './member/wants.ts'
import type { SharedOptions } from './shared-options.ts'
import type { SharedStats } from './shared-stats.ts'
import { StatusView } from './shared-status.ts'

/** A member: its front, its back while it leads, and its part in the group. */
export class Member<Item> {
  readonly front: InMemoryAutoRefresh<Item>
  readonly status: StatusView
  /** True while `clear` deletes everything, which is no change for K4: whoever asks anew takes what the leader has. */
  isClearing = false
  #options: SharedOptions<Item>
  readonly #name: string
  readonly #clock: Clock
  readonly #group: GroupWatch
  readonly #delays = new Delays(() => this.#clock.now())
  readonly wants: Wants
  readonly link: Link<Item>
  readonly lead: Lead<Item>
  /** Ids under a hold, by the hold's release (W13). What is held is this member's own, whatever the leader says. */
  readonly holds: Map<() => void, ItemId> = new Map()
  readonly events: Events<Item> = new Events<Item>(
    () => this.role !== 'leader' && this.status.shared?.isOutage === true,
  )
  readonly traffic: Traffic = noTraffic()
  #membership: Membership<Item> | undefined
  /** There is no way to have a group here (B4). */
  #isSingle = false
  #versions = 0
  #told: Role = 'out'

  /** @param join makes a member of another group (H8) */
  constructor(options: SharedOptions<Item>, join: Join<Item>) {
    this.#options = options
    this.#name = options.name ?? 'auto-refresh'
    this.#clock = options.clock ?? systemClock
    this.#group = new GroupWatch(options.group, (previous) => this.#regroup(previous))
    this.wants = new Wants(
      (id) => this.link.wantChanged(id),
      (isAsked) => this.#frontStart(isAsked),
    )
    this.front = new InMemoryAutoRefresh<Item>({
      ...options,
      // The front refuses a listener that is no function, and ids that are no list (L7).
      sync: typeof options.sync === 'function' ? this.#guarded(options.sync) : options.sync,
      policies: frontPolicies(options, this.wants.policy),
    })
    this.link = new Link<Item>({
      delays: this.#delays,
      wants: this.wants.ids,
      stateOf: (id) => stateOf(this.front, id),
      adopt: (states) => adopt(this.front, states),
      remove: (ids) => this.front.ingest(ids.map((id) => ({ id, action: 'delete' }))),
      parse: (data) => this.#parse(data),
      isTerminal: (item) => this.front.isTerminal(item),
      send: (ask) => this.#membership?.ask(ask),
      refreshAlone: (id) => void this.front.refresh(id).catch(() => undefined),
      now: () => this.#membership?.now() ?? 0,
      isStream: options.transport.isStream === true,
    })
    this.lead = new Lead<Item>({
      sync: this.#guarded(options.sync),
      join,
      delays: this.#delays,
      wants: this.wants.ids,
      options: () => this.#options,
      stateOf: (id) => stateOf(this.front, id),
      // The fence of an item that is held may have fallen already.
      isLocal: (id) => this.#isHeldHere(id) || this.link.isWritten(id),
      lastStatus: () => this.status.shared,
      parse: (data) => this.#parse(data),
      isHeld: () => this.#membership?.roles.isHeld === true,
      settled: (isFailed) => this.#membership?.roles.callSettled(isFailed),
      statusChanged: () => this.#membership?.statusChanged(),
      created: (cache) => this.events.backCreated(cache),
    })
    this.status = new StatusView(() => this.front.getStatus())
    this.front.onEvent((event) => this.#frontTold(event))
    this.front.subscribeStatus(() => this.status.changed())
  }

  /** The front, for a change by the application. @throws {AutoRefreshError} REENTRANT within a question of the back */
  forChange(): InMemoryAutoRefresh<Item> {
    this.lead.cache?.onEvent(() => undefined)()
    if (this.front.isRunning) this.#group.check()
    return this.front
  }

  /** Replaces the interval of both caches (G6). */
  setInterval(interval: IntervalOption<Item>): void {
    this.front.setOptions({ interval })
    this.lead.setInterval(interval)
    this.#options = { ...this.#options, interval }
  }

  /** The value of an id was changed here (K4). */
  wrote(id: ItemId): void {
    if (!this.#isSingle) this.link.wrote(id)
  }

  get role(): Role {
    return this.#membership?.roles.role ?? (this.#isSingle && this.front.isRunning ? 'alone' : 'out')
  }

  /** True if the group refreshes, and not this member alone. */
  get isShared(): boolean {
    const role = this.role
    return role === 'leader' || role === 'follower' || role === 'joining'
  }

  /** When a call of the front may start: in a group its clock asks nobody. */
  #frontStart(isAsked: boolean): number {
    if (this.#group.current === undefined) return Infinity
    // A member that is about to join waits like one that does.
    const isJoining = this.role === 'out' && this.front.getStatus().state === 'running'
    return (this.isShared || isJoining) && !isAsked ? Infinity : -Infinity
  }

  #guarded(sync: SyncFunction<Item>): SyncFunction<Item> {
    return (batch, context) => this.#group.guard(() => sync(batch, context))
  }

  #frontTold(event: AutoRefreshEvent<Item>): void {
    switch (event.type) {
      case 'started':
      case 'resumed':
        this.#place()
        break
      case 'paused':
        this.lead.interrupted()
        this.#place()
        break
      case 'stopped':
        this.#leave()
        this.#watchGroup()
        this.link.tickets.settleAll({ error: new AutoRefreshError('STOPPED', `${this.#name} was stopped`) })
        break
      case 'deleted':
      case 'evicted': {
        this.link.forget(event.id)
        this.lead.drop(event.id)
        if (!this.isClearing && 'reason' in event && ['deleted', 'delayed'].includes(event.reason))
          this.wrote(event.id)
        if (this.link.tickets.size === 0) break
        const message = `${this.#name}: ${JSON.stringify(event.id)} was deleted`
        this.link.tickets.settleId(event.id, { error: new AutoRefreshError('DELETED', message) })
        break
      }
      case 'sync-settled':
        // The leader's running call may bring an older value (K4). The leader is told anew when the items are due, and says
        // anew what was passed over while this call ran (E2).
        this.#delays.settledHere(event.ids)
        for (const id of event.ids) {
          if (!('error' in event)) this.wrote(id)
          this.link.wantChanged(id)
        }
        break
      default:
    }
  }

  /** Joins or leaves the group, as it is now. */
  #place(): void {
    const group = this.front.isRunning ? this.#group.check() : undefined
    const wouldRefresh = this.front.getStatus().state === 'running'
    if (group === undefined || !wouldRefresh) this.#leave()
    else if (this.#membership === undefined && !this.#isSingle) this.#enter(group)
    this.#watchGroup()
  }

  #enter(group: string): void {
    const { transport, version = '' } = this.#options
    this.#membership = Membership.join<Item>(
      {
        clock: this.#clock,
        keepAlive: this.#options.keepAlive !== false,
        link: this.link,
        wants: this.wants.ids,
        has: (id) => this.front.has(id),
        isCurrent: () => this.#group.check() === group,
        versionOf: () => `${this.#membership?.name ?? ''}.${(this.#versions += 1)}`,
        serialize: this.#options.serialize ?? ((item) => item),
        lead: this.lead,
        statusTold: (status) => {
          this.status.told(status, this.#clock.epoch())
          if (!status.isOutage) this.events.outageOver()
        },
        roleChanged: () => this.#roleChanged(),
      },
      transport,
      { group, shape: version },
      this.traffic,
    )
    this.#isSingle = this.#membership === undefined
    this.#membership?.start()
    this.#roleChanged()
  }

  #leave(): void {
    const membership = this.#membership
    this.#membership = undefined
    membership?.close()
    this.link.close()
    this.#roleChanged()
  }

  /** The group is another one than before. */
  #regroup(previous: string | undefined): void {
    this.#leave()
    if (previous !== undefined) {
      this.front.clear()
      this.link.clear()
      this.lead.forget()
    }
    if (this.#group.current !== undefined && this.front.isRunning) {
      this.front.adapterSeam.recreate?.()
      adopt(this.front, [])
      // After this change: whoever noticed it may be in the midst of a message of the old group.
      void Promise.resolve().then(() => this.#place())
    }
    this.#watchGroup()
  }

  #watchGroup(): void {
    this.#group.watch(this.#clock, this.front.isRunning, this.#options.keepAlive !== false)
  }

  #roleChanged(): void {
    const role = this.role
    if (role === 'follower') this.lead.interrupted()
    if (role === 'joining') this.status.unplanned()
    if (!this.isShared) {
      this.status.forget()
      this.link.releaseAll()
      refreshAlone(this.front, this.link.tickets.take())
      if (role === 'alone') openGate(this.front, this.wants.ids, this.#isSingle ? undefined : this.#options)
    }
    if (role === this.#told) return
    this.#told = role
    this.events.roleChanged(role)
  }

  #parse(data: unknown): Item {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this member's own leader made it of an item
    if (data instanceof Formless) return data.item as Item
    const { parse } = this.#options
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `version` vouches for the shape of items
    return parse === undefined ? (data as Item) : parse(data)
  }

  #isHeldHere(id: ItemId): boolean {
    for (const held of this.holds.values()) if (held === id) return true
    return false
  }

  /** The back's cache while this member leads. */
  get back(): BackCache<Item> | undefined {
    return this.role === 'leader' ? this.lead.cache : undefined
  }

  /** The part of `stats` besides the figures of the front (K11). */
  get figures(): Omit<SharedStats, keyof AutoRefreshStats> {
    const roles = this.#membership?.roles
    return {
      role: this.role,
      epoch: roles?.epoch ?? 0,
      members: this.#membership?.members ?? 1,
      messagesSent: this.traffic.sent,
      messagesReceived: this.traffic.received,
      dropped: { ...this.traffic.dropped },
      gaps: this.link.gaps,
      alone: this.#isSingle ? 'no-transport' : roles?.why,
    }
  }
}
