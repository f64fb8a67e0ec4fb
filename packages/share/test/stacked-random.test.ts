import { expect, it } from 'vitest'
import { type ItemId, mutate } from '@auto-refresh/core'
import { done, type Job, running } from './group.ts'
import { Chance } from './simulation/chance.ts'
import { stack, type Stack, type Tab } from './stack.ts'

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const SEEDS = Number(process.env['SEEDS'] ?? 50)
const FIRST = Number(process.env['FIRST_SEED'] ?? 1)

/** Place in the life of a job, which never goes back. */
const place = (job: Job | undefined): number => (job === undefined ? -1 : job.done ? Infinity : job.step)

/** Six tabs of three browsers over three servers and one source, whose jobs go on, are cancelled and are refreshed at random. */
class RandomStack {
  readonly faults: string[] = []
  readonly #hasTrouble: boolean
  readonly #chance: Chance
  readonly #world: Stack
  readonly #tabs: readonly Tab[]

  /** @param hasTrouble true: streams are cut, and tabs stop and start again */
  constructor(seed: number, hasTrouble: boolean) {
    this.#chance = new Chance(seed)
    this.#hasTrouble = hasTrouble
    this.#world = stack(async (batch) => {
      const read = batch.map(({ id }) => ({ id, item: this.#job(id) }))
      if (this.#chance.is(0.5)) await this.#wait(200)
      return read
    })
    this.#world.latency = () => this.#chance.next() * 20
    this.#tabs = [0, 1, 2].flatMap((server) => this.#world.browse(server, 2))
    for (const [index, { cache }] of this.#tabs.entries()) {
      for (const id of IDS) {
        let shown = -1
        cache.getOrCreate(id)
        cache.subscribe(id, () => {
          const now = place(cache.get(id))
          if (now < shown) this.faults.push(`K4: tab ${index} shows ${id} at ${now} after ${shown}`)
          shown = now
        })
      }
    }
  }

  async run(): Promise<void> {
    const { clock } = this.#world
    await clock.advance(3000 + this.#chance.next() * 1000)
    for (let step = 0; step < 30; step += 1) {
      this.#act()
      await clock.advance(this.#chance.next() * 250)
    }
    // Peace: a call of each interval, and the refreshes that were put off. A stream may be missed for a lease.
    await clock.advance(this.#hasTrouble ? 30_000 : 5000)
    for (const [index, { cache }] of this.#tabs.entries()) {
      for (const id of IDS) {
        const [shown, real] = [place(cache.get(id)), place(this.#job(id))]
        if (shown !== real) this.faults.push(`K4: tab ${index} shows ${id} at ${shown}, and it is at ${real}`)
      }
    }
    await Promise.all(this.#tabs.map(({ cache }) => cache.stop()))
  }

  #act(): void {
    const id = this.#chance.pick(IDS)
    const { cache } = this.#chance.pick(this.#tabs)
    const what = this.#chance.next()
    if (what < 0.4) this.#change(id, false)
    else if (what < 0.55) this.#change(id, true)
    else if (what < 0.85) void this.#cancel(cache, id)
    else if (what < 0.95 || !this.#hasTrouble) void this.#refresh(cache, id)
    else this.#trouble()
  }

  #trouble(): void {
    const { cache, network } = this.#chance.pick(this.#tabs)
    if (this.#chance.is(0.5)) {
      network.cut(this.#chance.is(0.5))
      return
    }
    void cache.stop()
    void this.#wait(3000).then(() => cache.start())
  }

  async #cancel(cache: Tab['cache'], id: ItemId): Promise<void> {
    if (cache.get(id)?.done !== false) return
    const cancelled = (job: Job): Job => done(job.step)
    await mutate(cache, id, cancelled, async () => {
      await this.#wait(30)
      this.#change(id, true)
      await this.#wait(30)
    })
  }

  async #refresh(cache: Tab['cache'], id: ItemId): Promise<void> {
    const least = place(this.#job(id))
    try {
      await cache.refresh(id)
    } catch (error) {
      if (!this.#hasTrouble) throw error
      return
    }
    if (place(cache.get(id)) < least) this.faults.push(`K5: a refresh of ${id} shows what is older`)
  }

  #job(id: ItemId): Job {
    return this.#world.source.get(id) ?? running()
  }

  #change(id: ItemId, isDone: boolean): void {
    const { done: wasDone, step } = this.#job(id)
    if (!wasDone) this.#world.source.set(id, isDone ? done(step) : running(step + 1))
  }

  #wait(most: number): Promise<void> {
    return new Promise((resolve) => {
      this.#world.clock.setTimeout(resolve, this.#chance.next() * most)
    })
  }
}

it.each([
  { name: 'in peace', hasTrouble: false },
  { name: 'while streams are cut and tabs stop', hasTrouble: true },
])(
  'K4, K5, H8: all tabs show in the end what the source has, and never go back, $name',
  async ({ hasTrouble }) => {
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
      const random = new RandomStack(seed, hasTrouble)
      await random.run()
      expect(random.faults, `seed ${seed}`).toEqual([])
    }
  },
)
