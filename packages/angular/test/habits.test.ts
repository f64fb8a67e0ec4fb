import {
  ChangeDetectionStrategy,
  Component,
  computed,
  createComponent,
  effect,
  EnvironmentInjector,
  inject,
  InjectionToken,
  Injector,
  input,
  linkedSignal,
  signal,
  ViewContainerRef,
  type Signal,
} from '@angular/core'
import { toObservable } from '@angular/core/rxjs-interop'
import { TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import {
  injectAutoRefreshIds,
  injectAutoRefreshItem,
  injectAutoRefreshItems,
  injectAutoRefreshStatus,
} from '@auto-refresh/angular'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

interface Step {
  readonly step: number
}

const CACHE = new InjectionToken<InMemoryAutoRefresh<Step>>('cache')

const clock = new VirtualClock()
let cache: InMemoryAutoRefresh<Step>

/** Lets the cache tell, and Angular draw. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await clock.advance(0)
    TestBed.tick()
  }
}

const subscribers = (): number => cache.stats().subscribers

let draws: string[] = []

/** A row that notes when it is drawn. */
const Row = Component({
  selector: 'row-of',
  inputs: ['id'],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: '{{ draw() }}',
})(
  class {
    readonly #id = signal('')
    readonly job = injectAutoRefreshItem(inject(CACHE), this.#id)
    set id(id: string) {
      this.#id.set(id)
    }
    draw(): string {
      draws.push(this.#id())
      return `${this.#id()} ${this.job().item?.step ?? '-'}`
    }
  },
)

beforeAll(() => {
  TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting())
})

beforeEach(() => {
  draws = []
  cache = new InMemoryAutoRefresh<Step>({ interval: 1000, clock, sync: () => [], missing: 'unchanged' })
  for (const id of ['a', 'b', 'c']) cache.getOrCreate(id, { step: 1 })
  TestBed.configureTestingModule({ providers: [{ provide: CACHE, useValue: cache }] })
})

afterEach(async () => {
  TestBed.resetTestingModule()
  await clock.advance(0)
  if (subscribers() > 0 || cache.isRunning) throw new Error('A subscription outlived its injector')
})

describe('habits of Angular applications', () => {
  it('A12: a service shows, as long as its injector lives', async () => {
    const values = TestBed.runInInjectionContext(() => ({
      job: injectAutoRefreshItem(inject(CACHE), () => 'a'),
      ids: injectAutoRefreshIds(inject(CACHE)),
      status: injectAutoRefreshStatus(inject(CACHE)),
    }))
    expect(values.job().item).toEqual({ step: 1 })
    expect(subscribers()).toBe(0)
    TestBed.tick()
    expect(subscribers()).toBe(1)
    expect(values.status().state).toBe('running')
    cache.update('a', { step: 2 })
    cache.getOrCreate('d', { step: 1 })
    await clock.advance(0)
    expect(values.job().item).toEqual({ step: 2 })
    expect(values.ids()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('A3: outside of an injection context it takes `injector`, and Angular says so', () => {
    expect(() => injectAutoRefreshItem(cache, () => 'a')).toThrow(/NG0203/)
    const injector = TestBed.inject(Injector)
    const job = injectAutoRefreshItem(cache, () => 'a', { injector })
    const list = injectAutoRefreshItems(cache, () => ['a', 'b'], { injector })
    TestBed.tick()
    expect(subscribers()).toBe(3)
    expect([job().status, list().length]).toEqual(['active', 2])
  })

  it('A6: an effect that reads the signal and writes others runs once per change, and never without one', async () => {
    const steps = signal<number[]>([])
    TestBed.runInInjectionContext(() => {
      const job = injectAutoRefreshItem(inject(CACHE), () => 'a')
      effect(() => {
        const step = job().item?.step ?? 0
        steps.update((before) => [...before, step])
        if (step === 2) cache.update('b', { step: 9 })
      })
    })
    await settle()
    for (const step of [2, 2, 3]) {
      cache.update('a', { step })
      await settle()
    }
    await clock.advance(5000)
    TestBed.tick()
    // An update is a change, though the same: `Object.is` decides.
    expect(steps()).toEqual([1, 2, 2, 3])
    expect(cache.get('b')).toEqual({ step: 9 })
  })

  it('A7: an effect that writes the id which the signal follows ends, with one subscription', async () => {
    const id = signal('a')
    const seen: string[] = []
    TestBed.runInInjectionContext(() => {
      const job = injectAutoRefreshItem(inject(CACHE), id)
      effect(() => {
        seen.push(`${id()} ${job().item?.step}`)
        if (id() === 'a') id.set('b')
      })
    })
    cache.update('b', { step: 5 })
    await settle()
    expect(seen).toEqual(['a 1', 'b 5'])
    expect(subscribers()).toBe(1)
  })

  it('A6: `computed` and `linkedSignal` follow, and only what they read counts', async () => {
    let runs = 0
    const read = TestBed.runInInjectionContext(() => {
      const job = injectAutoRefreshItem(inject(CACHE), () => 'a')
      const double = computed(() => {
        runs += 1
        return (job().item?.step ?? 0) * 2
      })
      const draft = linkedSignal(() => job().item?.step)
      return { double, draft }
    })
    await settle()
    expect([read.double(), read.draft()]).toEqual([2, 1])
    read.draft.set(7)
    await clock.advance(5000)
    expect([read.double(), read.draft(), runs]).toEqual([2, 7, 1])
    cache.update('a', { step: 4 })
    await clock.advance(0)
    expect([read.double(), read.draft(), runs]).toEqual([8, 4, 2])
  })

  it('A5: `toObservable` emits each value', async () => {
    const seen: unknown[] = []
    TestBed.runInInjectionContext(() => {
      const job = injectAutoRefreshItem(inject(CACHE), () => 'a', { select: ({ item }) => item?.step })
      toObservable(job).subscribe((step) => seen.push(step))
    })
    await settle()
    cache.update('a', { step: 2 })
    await settle()
    expect(seen).toEqual([1, 2])
  })

  it('A6: `select` reads signals, of an item and of a list, and runs again when they change', async () => {
    const factor = signal(10)
    const { one, many } = TestBed.runInInjectionContext(() => {
      const select = ({ item }: { readonly item: Step | undefined }): number => (item?.step ?? 0) * factor()
      return {
        one: injectAutoRefreshItem(inject(CACHE), () => 'a', { select }),
        many: injectAutoRefreshItems(inject(CACHE), () => ['a', 'b'], { select }),
      }
    })
    await settle()
    expect([one(), many()]).toEqual([10, [10, 10]])
    // Only one element changes: the others still follow the signal.
    cache.update('b', { step: 2 })
    await settle()
    factor.set(100)
    expect([one(), many()]).toEqual([100, [100, 200]])
  })

  it('A6: under an OnPush parent only the row whose item changed is drawn again, and the parent never', async () => {
    let parents = 0
    const Parent = Component({
      selector: 'parent-of',
      imports: [Row],
      changeDetection: ChangeDetectionStrategy.OnPush,
      template: '{{ note() }}@for (id of ids; track id) {<row-of [id]="id" />}',
    })(
      class {
        readonly ids = ['a', 'b', 'c']
        note(): string {
          parents += 1
          return ''
        }
      },
    )
    const page = TestBed.createComponent(Parent).nativeElement as Element
    await settle()
    expect(page.textContent).toBe('a 1b 1c 1')
    const before = parents
    draws = []
    await clock.advance(5000)
    TestBed.tick()
    expect(draws).toEqual([])
    cache.update('b', { step: 2 })
    await settle()
    expect(page.textContent).toBe('a 1b 2c 1')
    expect(draws).toEqual(['b'])
    expect(parents).toBe(before)
  })

  it('A12: `@defer` subscribes once its block is there, and `@if` leaves', async () => {
    const Page = Component({
      selector: 'page-of',
      imports: [Row],
      template: '@defer (when isWanted()) {@if (isOpen()) {<row-of id="a" />}} @placeholder {…}',
    })(
      class {
        readonly isWanted = signal(false)
        readonly isOpen = signal(true)
      },
    )
    const fixture = TestBed.createComponent(Page)
    await settle()
    expect(subscribers()).toBe(0)
    fixture.componentInstance.isWanted.set(true)
    await settle()
    await fixture.whenStable()
    expect((fixture.nativeElement as Element).textContent).toBe('a 1')
    expect(subscribers()).toBe(1)
    fixture.componentInstance.isOpen.set(false)
    await settle()
    expect(subscribers()).toBe(0)
  })

  it('A5: a view that is detached and put back, as a reused route is, shows what is true then', async () => {
    const Outlet = Component({ selector: 'outlet-of', template: '' })(
      class {
        readonly container = inject(ViewContainerRef)
      },
    )
    const fixture = TestBed.createComponent(Outlet)
    const { container } = fixture.componentInstance
    const row = container.createComponent(Row)
    row.setInput('id', 'a')
    await settle()
    const view = container.detach()
    if (view === null) throw new Error('No view')
    cache.update('a', { step: 2 })
    await settle()
    expect(subscribers()).toBe(1)
    container.insert(view)
    await settle()
    expect((row.location.nativeElement as Element).textContent).toBe('a 2')
  })

  it('A3: a component that is destroyed before it was drawn leaves nothing', async () => {
    const environmentInjector = TestBed.inject(EnvironmentInjector)
    const row = createComponent(Row, { environmentInjector })
    row.setInput('id', 'a')
    row.destroy()
    await settle()
    expect(subscribers()).toBe(0)
  })

  it('A2: a required input may come after the component', async () => {
    const Late = Component({ selector: 'late-of', template: '' })(
      class {
        readonly id: Signal<string> = input.required<string>()
        readonly job = injectAutoRefreshItem(inject(CACHE), this.id)
      },
    )
    const fixture = TestBed.createComponent(Late)
    expect(() => fixture.componentInstance.job()).toThrow(/NG0950/)
    expect(subscribers()).toBe(0)
    fixture.destroy()
    await settle()
  })

  it('A15: items may be functions, thenables, frozen, or class instances: they are shown as they are', () => {
    class Thing {
      readonly name = 'thing'
    }
    const thenable = Object.fromEntries([['then', 'no promise']])
    for (const item of [() => 'called', thenable, Object.freeze({ a: 1 }), new Thing(), { deep: {} }]) {
      const any = new InMemoryAutoRefresh<unknown>({ interval: 1000, clock, sync: () => [] })
      any.getOrCreate('a', item)
      TestBed.runInInjectionContext(() => {
        expect(injectAutoRefreshItem(any, () => 'a')().item).toBe(item)
        expect(injectAutoRefreshItems(any, () => ['a'])()[0]?.item).toBe(item)
        expect(injectAutoRefreshItem(any, () => 'a', { select: (snapshot) => snapshot.item })()).toBe(item)
      })
    }
  })
})
