import type { ItemId } from '@auto-refresh/core'
import { LISTED, look, textOf, type Page, type PlacedRow, type Row, type Urgency, type Wait } from './page.ts'
import type { Change } from './random-steps.ts'
import { done, running, type World } from './world.ts'

/** Row, id, text. */
type Shown = readonly [row: string, id: ItemId, text: string]

/** The text of a row that is not enabled: that of an earlier time. */
const ANY = 'of some moment'

/** A page over a cache, and the expected content of the page. */
export class Scene {
  readonly #world: World
  readonly #page: Page
  #rows: PlacedRow[] = []
  #count = 0

  constructor(around: World, page: Page) {
    this.#world = around
    this.#page = page
  }

  async apply(what: Change, urgency: Urgency): Promise<void> {
    if (what.do === 'pass') await this.#world.clock.advance(what.ms)
    else if ('id' in what && !('nth' in what) && what.do !== 'mount') this.#store(what)
    else {
      this.#place(what)
      this.#page.draw([...this.#rows], urgency)
    }
  }

  /**
   * Ids of which different rows show different values (A5). A row that is about to create its item shows it as pending
   * already, though it is still missing elsewhere (A2).
   */
  tears(): readonly (readonly [ItemId, readonly string[]])[] {
    const texts = new Map<ItemId, Set<string>>()
    for (const { id, text, isEnabled } of look(this.#page.container)) {
      const shown = text === 'pending -' ? 'missing -' : text
      if (isEnabled) texts.set(id, (texts.get(id) ?? new Set()).add(shown))
    }
    return [...texts].filter(([, each]) => each.size > 1).map(([id, each]) => [id, [...each]])
  }

  /** Returns the visible rows: row, id, and the text if the row is enabled. */
  seen(): readonly Shown[] {
    return look(this.#page.container).map(({ row, id, text, isEnabled }) => [row, id, isEnabled ? text : ANY])
  }

  /** Returns the expected rows after everything is rendered. */
  wanted(): readonly Shown[] {
    const { cache } = this.#world
    return this.#visible().flatMap((row) =>
      idsOf(row).map((id): Shown => [row.key, id, row.enabled ? textOf(cache.getSnapshot(id)) : ANY]),
    )
  }

  /** Returns the number of subscriptions that the page needs. */
  subscriptions(): number {
    return this.#visible()
      .filter(({ enabled }) => enabled)
      .reduce((sum, row) => sum + new Set(idsOf(row)).size, 0)
  }

  /** Ends all waiting, and lets the framework render everything. */
  settle(): Promise<void> {
    for (const { row } of this.#rows) row.wait?.arrive()
    return this.#page.settle()
  }

  #visible(): readonly Row[] {
    return this.#rows.filter(({ isHidden }) => !isHidden).map(({ row }) => row)
  }

  #store(what: Extract<Change, { readonly do: 'write' | 'create' | 'delete' | 'recreate' }>): void {
    const { cache } = this.#world
    const revision = (this.#count += 1)
    if (what.do === 'write') cache.update(what.id, what.isDone ? done(revision) : running(revision))
    if (what.do === 'delete' || what.do === 'recreate') cache.delete(what.id)
    if (what.do === 'create' || what.do === 'recreate') cache.getOrCreate(what.id, running(revision))
  }

  #place(what: Extract<Change, { readonly nth: number } | { readonly do: 'mount' }>): void {
    if (what.do === 'redraw') {
      this.#rows = this.#rows.map(({ row, isHidden }) => ({ row: { ...row }, isHidden }))
      return
    }
    if (what.do === 'mount') {
      const row: Row = {
        key: `row-${(this.#count += 1)}`,
        id: what.id,
        hook: what.hook,
        enabled: !what.isDisabled,
        wait: what.isWaiting ? newWait() : undefined,
      }
      this.#rows.push({ row, isHidden: false })
      return
    }
    const index = what.nth % Math.max(1, this.#rows.length)
    const [placed] = this.#rows.splice(index, 1)
    if (placed === undefined || what.do === 'unmount') return
    const { row, isHidden } = placed
    const again = (changed: Partial<Row>): void => {
      this.#rows.splice(index, 0, { row: { ...row, ...changed }, isHidden })
    }
    if (what.do === 'arrive') row.wait?.arrive()
    if (what.do === 'move') this.#rows.unshift(placed)
    // The row itself is the same, so its component does not render again.
    else if (what.do === 'hide') this.#rows.splice(index, 0, { row, isHidden: !isHidden })
    else if (what.do === 'enable') again({ enabled: !row.enabled })
    else if (what.do === 'wait') again({ wait: row.wait?.isOver === false ? row.wait : newWait() })
    else if (what.do === 'follow') again({ id: what.id })
    else again({})
  }
}

function idsOf({ hook: used, id: followed }: Row): readonly ItemId[] {
  return used === 'list' ? [followed, LISTED] : [followed]
}

function newWait(): Wait {
  let resolve: (() => void) | undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  const wait = {
    promise,
    isOver: false,
    arrive: () => {
      wait.isOver = true
      resolve?.()
    },
  }
  return wait
}
