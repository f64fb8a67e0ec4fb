import { Chance } from './chance.ts'
import { drawOptions } from './generate-options.ts'
import {
  type Answer,
  type Item,
  type Op,
  type Reaction,
  type Script,
  type ScriptOptions,
  type Step,
  type Verdict,
} from './script.ts'

/** Ids that collide often, and two that are names of what every object has. */
const IDS = ['a', 'b', 'c', 'd', 'e', 'f', '', '__proto__']

/** The run that a seed stands for. */
export function generate(seed: number): Script {
  return new Generator(new Chance(seed)).script(seed)
}

/** What may be drawn, with weights; each is made when it is drawn. */
type Choices<Given extends unknown[], Drawn> = readonly (readonly [
  number,
  (of: Generator, ...given: Given) => Drawn,
])[]

class Generator {
  readonly #chance: Chance
  readonly #ids: readonly string[]
  readonly #options: ScriptOptions
  readonly #intervals: Script['intervals']
  /** What most steps are measured by. */
  readonly #beat: number

  constructor(chance: Chance) {
    this.#chance = chance
    const many = chance.is(6)
    this.#ids = many
      ? Array.from({ length: chance.int(12, 40) }, (_, i) => `n${i}`)
      : IDS.slice(0, chance.int(2, 8))
    this.#options = drawOptions(chance, this.#ids.length)
    this.#intervals = chance.list(chance.int(1, 4), () =>
      chance.weighted<number | 'throws'>([
        [8, chance.pick([10, 60, 100, 160, 250, 400, 1000])],
        [1, chance.pick([Infinity, 2 ** 31 + 1000, 1])],
        [1, chance.pick(['throws', Number.NaN, -1, 0] as const)],
      ]),
    )
    const usual = typeof this.#options.interval === 'number' ? this.#options.interval : 100
    this.#beat = Number.isFinite(usual) && usual <= 60_000 ? Math.max(1, usual) : 100
  }

  script(seed: number): Script {
    const chance = this.#chance
    const steps: Step[] = [{ do: 'act', ops: this.#opening() }]
    const length = chance.weighted([
      [1, 8],
      [4, 25],
      [3, 60],
    ])
    for (let i = 0; i < length; i += 1) steps.push(this.#step())
    const reactive = chance.is(70)
    return {
      seed,
      options: this.#options,
      random: chance.weighted([
        [2, [0]],
        [1, [0.999]],
        [3, [0.1, 0.9, 0.5, 0.3, 0.7]],
      ]),
      intervals: this.#intervals,
      answers: this.#answers(),
      reactions: reactive ? chance.list(chance.int(3, 17), () => this.#reaction()) : [null],
      isWild: chance.is(20),
      steps,
      ending:
        this.#options.batches === undefined && chance.is(30)
          ? { kind: 'poison', id: chance.pick(this.#ids) }
          : { kind: 'heal' },
    }
  }

  #opening(): Op[] {
    const ops: Op[] = []
    if (this.#chance.is(85)) ops.push({ op: this.#chance.is(80) ? 'start' : 'retain' })
    for (const id of this.#ids) if (this.#chance.is(60)) ops.push({ op: 'create', id, item: this.#item() })
    return ops
  }

  #step(): Step {
    // Drawn whether it is used or not, so that a seed stays the run that it was.
    const ms = this.#chance.pick([0, 1, this.#beat / 2, this.#beat, this.#beat, this.#beat * 2.5])
    return this.#chance.weighted(Generator.#steps)(this, ms)
  }

  // The tables are made once: a run draws hundreds of times.
  static readonly #steps: Choices<[ms: number], Step> = [
    [50, (of) => ({ do: 'act', ops: of.#chance.list(of.#chance.int(1, 4), () => of.#op()) })],
    [42, (_of, ms) => ({ do: 'advance', ms: Math.trunc(ms) })],
    [3, (of, ms) => ({ do: 'freeze', ms: Math.trunc(of.#chance.pick([ms, of.#beat * 20, 3_600_000])) })],
    [3, (of, ms) => ({ do: 'sleep', ms: Math.trunc(of.#chance.pick([ms, 29_000, 31_000, 8 * 3_600_000])) })],
    [
      2,
      (of) => ({
        do: 'set-wall',
        by: of.#chance.pick([-1, 1]) * of.#chance.pick([1, 1000, 40_000, 315_360_000_000]),
      }),
    ],
  ]

  #op(): Op {
    const id = this.#chance.pick(this.#ids)
    return this.#chance.weighted(Generator.#ops)(this, id)
  }

  static readonly #ops: Choices<[id: string], Op> = [
    [14, (of, id) => ({ op: 'create', id, item: of.#item() })],
    [10, (of, id) => ({ op: 'update', id, item: of.#item() })],
    [6, (_of, id) => ({ op: 'delete', id })],
    [6, (_of, id) => ({ op: 'deleteDelayed', id })],
    [8, (_of, id) => ({ op: 'refresh', id })],
    [8, (of) => ({ op: 'ingest', ids: of.#someIds(), says: of.#verdicts() })],
    [4, (of, id) => ({ op: of.#chance.pick(['get', 'getOrThrow', 'inProcessing'] as const), id })],
    [8, (of, id) => ({ op: 'subscribe', id, activity: of.#chance.is(50) })],
    [5, (_of, id) => ({ op: 'unsubscribe', id })],
    [
      3,
      (of, id) => ({ op: 'until', id, condition: of.#chance.pick(['terminal', 'high', 'throws'] as const) }),
    ],
    [3, (_of, id) => ({ op: 'watch', id })],
    [2, (_of, id) => ({ op: 'leave', id })],
    [3, () => ({ op: 'stop' })],
    [6, () => ({ op: 'start' })],
    [2, (of) => ({ op: 'start', signal: of.#chance.int(0, 1) })],
    [1, (of) => ({ op: 'abort', signal: of.#chance.int(0, 1) })],
    [2, () => ({ op: 'retain' })],
    [2, () => ({ op: 'release' })],
    [1, (of) => ({ op: of.#chance.pick(['listen', 'unlisten', 'stats'] as const) })],
    [4, (of) => ({ op: 'page', visible: of.#chance.is(70), online: of.#chance.is(85) })],
  ]

  #someIds(): string[] {
    return this.#chance.list(this.#chance.int(1, 3), () => this.#chance.pick(this.#ids))
  }

  #item(): Item {
    const chance = this.#chance
    const v = chance.int(0, 4)
    return chance.weighted<Item>([
      [16, { v }],
      [3, { v, terminal: true }],
      [1, { v, bad: true }],
    ])
  }

  #reaction(): Reaction | null {
    const chance = this.#chance
    if (chance.is(65)) return null
    return { ops: chance.list(chance.int(0, 2), () => this.#op()), throws: chance.is(25) }
  }

  /** A backend is mostly well, mostly ill, or changes. */
  #answers(): Answer[] {
    const chance = this.#chance
    const health = chance.pick([100, 85, 85, 50, 10])
    return chance.list(chance.int(1, 14), () => this.#answer(chance.is(health)))
  }

  #answer(isWell: boolean): Answer {
    const chance = this.#chance
    const slow = Math.trunc(this.#beat * chance.pick([0.1, 0.5, 1, 3]))
    if (isWell)
      return {
        after: chance.weighted<Answer['after']>([
          [3, 'now'],
          [4, 'turn'],
          [6, slow],
        ]),
        how: chance.is(85) ? 'entries' : 'lazy',
        says: this.#verdicts(),
      }
    return {
      after: chance.weighted<Answer['after']>([
        [3, 'now'],
        [3, 'turn'],
        [3, slow],
        [2, Math.trunc((this.#options.timeout ?? 30_000) * 1.5)],
        [1, 'never'],
      ]),
      how: chance.weighted<Answer['how']>([
        [8, 'fails'],
        [1, 'string'],
        [1, 'nothing'],
        [2, 'halfway'],
      ]),
      ...(chance.is(15) ? { retryAfter: chance.pick([50, 500, 5000, Number.NaN, -5, Infinity]) } : {}),
      says: this.#verdicts(),
    }
  }

  #verdicts(): Verdict[] {
    const chance = this.#chance
    const isPlain = chance.is(50)
    return chance.list(chance.int(1, 6), () => this.#verdict(isPlain))
  }

  #verdict(isPlain: boolean): Verdict {
    const chance = this.#chance
    const item = this.#item()
    const validator = chance.is(30) ? { validator: chance.int(1, 3) } : {}
    if (isPlain)
      return { say: chance.pick(['update', 'same', 'unchanged'] as const), item: { v: item.v }, ...validator }
    return chance.weighted<Verdict>([
      [10, { say: 'update', item, ...validator }],
      [4, { say: 'same', ...validator }],
      [4, { say: 'unchanged', ...validator }],
      [2, { say: 'delete' }],
      [
        4,
        {
          say: 'fail',
          ...(chance.is(40) ? { retryAfter: chance.pick([30, 300, 3000, -1, Number.NaN]) } : {}),
        },
      ],
      [3, { say: 'omit' }],
      [3, { say: chance.pick(['null', 'no-item', 'bad-action'] as const) }],
      [1, { say: 'twice', item }],
      [1, { say: 'foreign', item }],
    ])
  }
}
