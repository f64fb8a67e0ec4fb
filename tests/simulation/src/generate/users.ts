import type { Chance } from '../chance.ts'
import type { Answer, ItemKind, Op, Reaction, Say, Script, ScriptOptions, Step } from '../script.ts'
import { drawOptions } from './options.ts'

/** Ids that collide often, with names of what every object has, numbers, and white space. */
const IDS = ['a', 'b', '7', 'c d', 'e', 'f', '', '__proto__']

type Drawer<T> = readonly (readonly [number, (of: UsersGenerator, id: string) => T])[]

/** Few ids and every method: what happens at the same moment. */
export class UsersGenerator {
  readonly #chance: Chance
  readonly #ids: readonly string[]
  readonly #options: ScriptOptions
  readonly #intervals: Script['intervals']
  /** ms by which most steps are measured. */
  readonly #beat: number
  readonly #platform: Script['platform']

  constructor(chance: Chance) {
    this.#chance = chance
    this.#ids = chance.is(6)
      ? Array.from({ length: chance.int(12, 30) }, (_, i) => `n${i}`)
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
    this.#beat = usual <= 60_000 ? Math.max(1, usual) : 100
    this.#platform = chance.is(8) ? 'window' : 'virtual'
  }

  script(seed: number): Script {
    const chance = this.#chance
    const steps: Step[] = [{ do: 'act', ops: this.#opening() }]
    const length = chance.weighted([
      [2, 8],
      [5, 20],
      [2, 50],
    ])
    for (let i = 0; i < length; i += 1) steps.push(this.#step())
    return {
      seed,
      kind: 'users',
      options: this.#options,
      platform: this.#platform,
      clock: chance.weighted([
        [90, 'normal' as const],
        [5, 'still' as const],
        [5, 'io' as const],
      ]),
      random: chance.pick([[0], [0.999], [0.1, 0.9, 0.5, 0.3, 0.7]]),
      intervals: this.#intervals,
      answers: chance.is(10) ? [] : this.#answers(),
      reactions: chance.is(60) ? chance.list(chance.int(3, 17), () => this.#reaction()) : [],
      steps,
    }
  }

  #opening(): Op[] {
    const ops: Op[] = []
    if (this.#chance.is(85)) ops.push({ op: this.#chance.is(80) ? 'start' : 'retain' })
    for (const id of this.#ids)
      if (this.#chance.is(60))
        ops.push({ op: 'create', id, ...(this.#chance.is(70) ? { item: this.#item() } : {}) })
    return ops
  }

  #step(): Step {
    const chance = this.#chance
    const ms = Math.trunc(chance.pick([0, 1, this.#beat / 2, this.#beat, this.#beat, this.#beat * 2.5]))
    switch (
      chance.weighted([
        [50, 'act'],
        [42, 'advance'],
        [3, 'freeze'],
        [3, 'sleep'],
        [2, 'set-wall'],
      ] as const)
    ) {
      case 'act':
        return { do: 'act', ops: chance.list(chance.int(1, 4), () => this.#op()) }
      case 'advance':
        return { do: 'advance', ms }
      case 'freeze':
        return { do: 'freeze', ms: chance.pick([ms, this.#beat * 20, 3_600_000]) }
      case 'sleep':
        return {
          do: 'sleep',
          ms: chance.pick([ms, 29_000, 31_000, 8 * 3_600_000]),
          ...(chance.is(40) ? { kills: true } : {}),
        }
      default:
        return { do: 'set-wall', by: chance.pick([-1, 1]) * chance.pick([1, 1000, 40_000, 315_360_000_000]) }
    }
  }

  #op(): Op {
    const id = this.#chance.pick(this.#ids)
    return this.#chance.weighted(UsersGenerator.#ops)(this, id)
  }

  // Made once, because a run draws from it hundreds of times.
  static readonly #ops: Drawer<Op> = [
    [10, (of, id) => ({ op: 'create', id, item: of.#item(), ...of.#validator() })],
    [6, (_of, id) => ({ op: 'create', id })],
    [10, (of, id) => ({ op: 'update', id, item: of.#item() })],
    [6, (_of, id) => ({ op: 'delete', id })],
    [5, (_of, id) => ({ op: 'deleteDelayed', id })],
    [9, (_of, id) => ({ op: 'refresh', id })],
    [3, () => ({ op: 'refreshAll' })],
    [
      7,
      (of) => ({
        op: 'ingest',
        says: of.#chance.list(of.#chance.int(1, 3), () => of.#pushed()),
        create: of.#chance.is(30),
      }),
    ],
    [3, (of, id) => ({ op: of.#chance.pick(['get', 'getOrThrow', 'inProcessing'] as const), id })],
    [1, () => ({ op: 'reads' })],
    [10, (of, id) => of.#subscription(id)],
    [6, (_of, id) => ({ op: 'unsubscribe', id })],
    [3, (_of, id) => ({ op: 'until', id })],
    [3, (_of, id) => ({ op: 'watch', id })],
    [3, (_of, id) => ({ op: 'leave', id })],
    [3, (_of, id) => ({ op: 'hold', id })],
    [3, (_of, id) => ({ op: 'unhold', id })],
    [
      3,
      (of, id) => ({
        op: 'mutate',
        id,
        item: of.#item(),
        after: of.#chance.pick([0, of.#beat, 3 * of.#beat]),
        succeeds: of.#chance.is(60),
      }),
    ],
    [
      8,
      (of, id) => ({
        op: 'server',
        id,
        change: of.#chance.pick(['progress', 'progress', 'progress', 'finish', 'rerun', 'remove'] as const),
      }),
    ],
    [3, () => ({ op: 'stop' })],
    [6, () => ({ op: 'start' })],
    [2, (of) => ({ op: 'start', signal: of.#chance.int(0, 1) })],
    [1, (of) => ({ op: 'abort', signal: of.#chance.int(0, 1) })],
    [2, () => ({ op: 'retain' })],
    [2, () => ({ op: 'release' })],
    [1, () => ({ op: 'pause' })],
    [2, () => ({ op: 'resume' })],
    [1, () => ({ op: 'clear' })],
    [2, (of) => ({ op: 'interval', ms: of.#chance.pick([10, 50, 100, 250, 1000, 30_000, Infinity]) })],
    [1, (of) => ({ op: of.#chance.pick(['listenAll', 'unlistenAll'] as const) })],
    [4, (of, id) => of.#adoption(id)],
    [2, (of) => ({ op: 'manager', online: of.#chance.is(60) })],
    [5, (of) => ({ op: 'page', visible: of.#chance.is(70), online: of.#chance.is(80) })],
  ]

  #subscription(id: string): Op {
    const chance = this.#chance
    return {
      op: 'subscribe',
      id,
      activity: chance.is(40),
      ...(chance.is(50) ? { create: chance.is(80) } : {}),
      ...(chance.is(30) ? { item: this.#item() } : {}),
    }
  }

  #adoption(id: string): Op {
    const chance = this.#chance
    const kind = chance.weighted<ItemKind | 'truth' | undefined>([
      [6, 'truth'],
      [3, this.#item()],
      [2, undefined],
    ])
    return {
      op: 'adopt',
      id,
      by: chance.pick(['adopt', 'adopt', 'hydrate', 'hydrate', 'other-version'] as const),
      ...(kind === undefined ? {} : { item: kind }),
      ...(chance.is(80) ? { age: chance.pick([0, 0, this.#beat, 1_000_000]) } : {}),
      ...(chance.is(80) ? { next: chance.pick([0, this.#beat, 3 * this.#beat]) } : {}),
      failures: chance.pick([0, 0, 0, 1, 4]),
    }
  }

  #validator(): { validator?: number } {
    return this.#chance.is(20) ? { validator: this.#chance.int(1, 3) } : {}
  }

  #item(): ItemKind {
    return this.#chance.weighted([
      [16, 'active' as const],
      [3, 'terminal' as const],
      [1, 'bad' as const],
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
    return chance.list(chance.int(1, 12), () => this.#answer(chance.is(health)))
  }

  #answer(isWell: boolean): Answer {
    const chance = this.#chance
    const slow = Math.trunc(this.#beat * chance.pick([0.1, 0.5, 1, 3]))
    const says = this.#says()
    if (isWell)
      return {
        after: chance.weighted<Answer['after']>([
          [3, 'now'],
          [4, 'turn'],
          [6, slow],
        ]),
        how: 'entries',
        says,
      }
    const late = Math.trunc((this.#options.timeout ?? 30_000) * 1.5)
    return {
      after: chance.weighted<Answer['after']>([
        [3, 'now'],
        [3, 'turn'],
        [3, slow],
        [2, late],
        [1, 'never'],
      ]),
      how: chance.weighted<Answer['how']>([
        [8, 'throws'],
        [1, 'string'],
        [1, 'nothing'],
      ]),
      ...(chance.is(15) ? { retryAfter: chance.pick([50, 500, 5000, Number.NaN, -5, Infinity]) } : {}),
      says,
    }
  }

  #says(): Say[] {
    const chance = this.#chance
    const isPlain = chance.is(50)
    return chance.list(chance.int(1, 6), () =>
      isPlain ? { say: chance.pick(['truth', 'truth', 'unchanged'] as const) } : this.#say(),
    )
  }

  #pushed(): Say & { readonly id: string } {
    const say = this.#say()
    const id = this.#chance.pick(this.#ids)
    // A push has no batch that an id could be missing from.
    return ['upper', 'space', 'percent', 'foreign', 'null', 'omit'].includes(say.say)
      ? { id, say: 'truth' }
      : { ...say, id }
  }

  #say(): Say {
    const chance = this.#chance
    const say = chance.weighted<Say['say']>([
      [12, 'truth'],
      [4, 'unchanged'],
      [2, 'delete'],
      [4, 'fail'],
      [3, 'omit'],
      [1, 'number'],
      [1, 'upper'],
      [1, 'space'],
      [1, 'percent'],
      [2, 'no-item'],
      [1, 'bad-action'],
      [1, 'twice'],
      [1, 'foreign'],
      [1, 'null'],
    ])
    return {
      say,
      ...this.#validator(),
      ...(say === 'fail' && chance.is(40)
        ? { retryAfter: chance.pick([30, 300, 3000, -1, Number.NaN]) }
        : {}),
    }
  }
}
