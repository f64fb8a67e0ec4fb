import {
  LISTED,
  marks,
  textOf,
  type Job,
  type PageDriver,
  type PlacedRow,
  type Row,
} from '@auto-refresh/adapter-suite'
import type { AutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import {
  ChangeDetectionStrategy,
  Component,
  inject,
  InjectionToken,
  Injector,
  signal,
  type EnvironmentProviders,
  type OnInit,
  type Signal,
} from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { injectAutoRefreshItem, injectAutoRefreshItems } from '@auto-refresh/angular'
import { settle } from './driver.ts'

/** What a page shows. */
interface Shown {
  readonly cache: AutoRefresh<Job>
  readonly rows: Signal<readonly PlacedRow[]>
}
const SHOWN = new InjectionToken<Shown>('shown')

/** What each function has a row show: a text for each of its ids. */
const texts: Readonly<
  Record<
    Row['hook'],
    (cache: AutoRefresh<Job>, row: () => Row, injector: Injector) => () => readonly string[]
  >
> = {
  item: (cache, row, injector) => {
    const enabled = (): boolean => row().enabled
    const snapshot = injectAutoRefreshItem(cache, () => row().id, { enabled, injector })
    return () => [textOf(snapshot())]
  },
  activity: (cache, row, injector) => {
    const enabled = (): boolean => row().enabled
    const snapshot = injectAutoRefreshItem(cache, () => row().id, { enabled, injector })
    return () => [snapshot().isRefreshing ? textOf(snapshot()) : textOf(snapshot())]
  },
  select: (cache, row, injector) => {
    const enabled = (): boolean => row().enabled
    const text = injectAutoRefreshItem(cache, () => row().id, { enabled, injector, select: textOf })
    return () => [text()]
  },
  list: (cache, row, injector) => {
    const enabled = (): boolean => row().enabled
    const ids = (): readonly string[] => [row().id, LISTED]
    return injectAutoRefreshItems(cache, ids, { enabled, injector, select: textOf })
  },
}

/** A row, which knows what it shows once its input is there. */
const RowOf = Component({
  selector: 'row-of',
  inputs: ['row'],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `@for (text of read(); track $index) {
    <i [attr.data-row]="mark($index, 'data-row')" [attr.data-id]="mark($index, 'data-id')"
      [attr.data-enabled]="mark($index, 'data-enabled')">{{ text }}</i>
  }`,
})(
  class implements OnInit {
    readonly #cache = inject(SHOWN).cache
    readonly #injector = inject(Injector)
    readonly #row = signal<Row | undefined>(undefined)
    read: () => readonly string[] = () => []

    set row(row: Row) {
      this.#row.set(row)
    }

    get row(): Row {
      const row = this.#row()
      if (row === undefined) throw new Error('No row')
      return row
    }

    ngOnInit(): void {
      this.read = texts[this.row.hook](this.#cache, () => this.row, this.#injector)
    }

    mark(index: number, name: string): string | undefined {
      return marks(this.row, index === 0 ? this.row.id : LISTED)[name]
    }
  },
)

const Page = Component({
  selector: 'page-of',
  imports: [RowOf],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `@for (placed of rows(); track placed.row.key) {
    @if (!placed.isHidden) { <row-of [row]="placed.row" /> }
  }`,
})(
  class {
    readonly rows = inject(SHOWN).rows
  },
)

/** Angular: hidden rows are left out, and no row waits. A part of its work is one tick. */
export function angularPageDriver(name: string, changeDetection: () => EnvironmentProviders): PageDriver {
  return {
    name,
    mountPage: async (cache) => {
      const container = document.createElement('div')
      const rows = signal<readonly PlacedRow[]>([])
      const application = await createApplication({
        providers: [changeDetection(), { provide: SHOWN, useValue: { cache, rows } }],
      })
      application.bootstrap(Page, container)
      await settle([application])
      return {
        container,
        draw: (next) => rows.set(next),
        work: async (units) => {
          for (let unit = 0; unit < units; unit++) {
            await new VirtualClock().advance(0)
            application.tick()
          }
        },
        settle: () => settle([application]),
        unmount: async () => {
          application.destroy()
          await new VirtualClock().advance(0)
        },
      }
    },
  }
}
