import type { Chance } from '../chance.ts'
import type { Mood, Op, Script, ScriptOptions, Step } from '../script.ts'
import { withoutUndefined } from './options.ts'

/** Many items, a source that fails in some way, minutes of time: how fresh healthy items stay, and what the source bears. */
export class FieldGenerator {
  readonly #chance: Chance
  readonly #size: number
  readonly #interval: number
  readonly #options: ScriptOptions
  readonly #latency: number

  constructor(chance: Chance) {
    this.#chance = chance
    this.#size = chance.weighted([
      [5, chance.int(4, 20)],
      [5, chance.int(21, 80)],
      [1, chance.int(101, 250)],
    ])
    this.#interval = chance.pick([2000, 5000, 5000, 5000, 10_000, 10_000, 30_000])
    this.#latency = chance.pick([5, 100, 100, 300])
    this.#options = withoutUndefined<ScriptOptions>({
      interval: this.#interval,
      batchSize: chance.pick([
        undefined,
        undefined,
        20,
        Math.ceil(this.#size / 12) + 1,
        this.#size <= 40 ? 1 : 50,
      ]),
      concurrency: chance.pick([undefined, undefined, 2, 6]),
      syncOnCreate: undefined,
      batchWindow: undefined,
      timeout: chance.pick([undefined, 5000]),
      retry: chance.is(30) ? { maxDelay: 20_000 } : undefined,
      jitter: chance.is(20) ? 0 : undefined,
      missing: undefined,
      equality: undefined,
      gcTime: undefined,
      refreshWhenHidden: undefined,
      refreshWhenOffline: undefined,
      lru: chance.is(10) ? this.#size + 50 : undefined,
      expiry: undefined,
      rateLimit: undefined,
      batches: chance.is(50) ? 'regions' : undefined,
      meddler: undefined,
    })
  }

  script(seed: number): Script {
    const chance = this.#chance
    const steps: Step[] = [
      { do: 'mood', mood: { latency: this.#latency } },
      { do: 'act', ops: [{ op: 'start' }, { op: 'many', from: 0, count: this.#size }] },
    ]
    if (chance.is(70)) steps.push(this.#wait(1, 6))
    const troubles = chance.int(1, 2)
    for (let i = 0; i < troubles; i += 1) {
      steps.push({ do: 'mood', mood: this.#trouble() })
      this.#meanwhile(steps)
      if (chance.is(20)) this.#healsUnseen(steps)
      else if (chance.is(75)) {
        steps.push({ do: 'mood', mood: { latency: this.#latency } })
        this.#meanwhile(steps)
      }
    }
    return {
      seed,
      kind: 'field',
      options: this.#options,
      platform: chance.is(25) ? 'window' : 'virtual',
      clock: 'normal',
      random: 'seeded',
      intervals: [],
      answers: [],
      reactions: [],
      steps,
    }
  }

  #wait(least: number, most: number): Step {
    return { do: 'advance', ms: this.#chance.int(least * 10, most * 10) * 1000 }
  }

  #trouble(): Mood {
    const chance = this.#chance
    const latency = this.#latency
    const salt = chance.int(0, 50)
    const few = Math.max(1, Math.floor(this.#size * chance.pick([0.01, 0.05, 0.1, 0.3])))
    const many = Math.max(1, Math.floor(this.#size * chance.pick([0.5, 0.9, 1])))
    return chance.weighted<() => Mood>([
      [8, () => ({ latency, bad: few, salt })],
      [3, () => ({ latency, bad: few, salt, how: 'fail' })],
      [2, () => ({ latency, bad: many, salt, how: 'fail' })],
      [1, () => ({ latency, bad: many, salt })],
      [1, () => ({ latency, bad: Math.min(few, 3), salt, how: 'hang' })],
      [
        10,
        () => ({
          latency,
          down: chance.pick(['E', 'W'] as const),
          how: chance.pick(['throw', 'throw', 'hang'] as const),
        }),
      ],
      [5, () => ({ latency, down: 'all', how: chance.pick(['throw', 'throw', 'hang'] as const) })],
      [5, () => ({ latency, down: 'all', retryAfter: chance.pick([5000, 30_000, 60_000]) })],
      [1, () => ({ latency, bad: 1, salt, retryAfter: chance.pick([20_000, 60_000]) })],
      [2, () => ({ latency, flap: chance.pick([10, 50, 90]) })],
      [1, () => ({ latency: latency * 20 })],
    ])()
  }

  /** Time passes; people come and go, machines sleep, networks drop. */
  #meanwhile(steps: Step[]): void {
    const chance = this.#chance
    steps.push(this.#wait(2, 9))
    const size = this.#size
    const happens = chance.weighted<Step[]>([
      [40, []],
      [10, [{ do: 'act', ops: [{ op: 'many', from: size + steps.length, count: 1 }] }]],
      [5, [{ do: 'act', ops: [{ op: 'refreshAll' }] }]],
      [
        6,
        [
          {
            do: 'clicks',
            times: chance.int(2, 20),
            every: chance.pick([50, 100, 500]),
            ids: chance.int(1, size),
          },
        ],
      ],
      [6, [{ do: 'flip', times: chance.int(1, 20), what: chance.pick(['visible', 'online'] as const) }]],
      [12, this.#away()],
      [6, [{ do: 'freeze', ms: chance.pick([1500, 4000, 60_000]) }]],
      [
        8,
        [
          {
            do: 'sleep',
            ms: chance.pick([40_000, 8 * 3_600_000]),
            ...(chance.is(50) ? { kills: true } : {}),
          },
          { do: 'act', ops: [{ op: 'get', id: 'E0' }] },
        ],
      ],
      [5, [{ do: 'act', ops: [{ op: 'interval', ms: chance.pick([1000, 5000, 30_000]) }] }]],
    ])
    if (happens.length > 0) steps.push(...happens, this.#wait(1, 4))
  }

  /** The source comes back while the page is hidden or offline. */
  #healsUnseen(steps: Step[]): void {
    const isNetwork = this.#chance.is(50)
    steps.push(
      { do: 'act', ops: [{ op: 'page', visible: isNetwork, online: !isNetwork }] },
      { do: 'mood', mood: { latency: this.#latency } },
      { do: 'advance', ms: this.#chance.pick([500, 2000, 5000]) },
      { do: 'act', ops: [{ op: 'page', visible: true, online: true }] },
      this.#wait(1, 3),
    )
  }

  /** The network drops or the page is left; the cache may be stopped meanwhile, and started before or after the return. */
  #away(): Step[] {
    const chance = this.#chance
    const isNetwork = chance.is(60)
    const leave: Op = { op: 'page', visible: isNetwork, online: !isNetwork }
    const back: Op = { op: 'page', visible: true, online: true }
    const wait: Step = { do: 'advance', ms: chance.pick([500, 5000, 60_000]) }
    const act = (...ops: Op[]): Step => ({ do: 'act', ops })
    return chance.pick<Step[]>([
      [act(leave), wait, act(back)],
      [act(leave), wait, act({ op: 'stop' }), wait, act(back), wait, act({ op: 'start' })],
      [act(leave), wait, act({ op: 'stop' }), wait, act({ op: 'start' }), wait, act(back)],
      [act({ op: 'stop' }), act(leave), wait, act({ op: 'start' }), wait, act(back)],
      [act({ op: 'pause' }), wait, act({ op: 'resume' })],
    ])
  }
}
