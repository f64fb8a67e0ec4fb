import {
  createComponent,
  ErrorHandler,
  provideZonelessChangeDetection,
  signal,
  type ApplicationRef,
  type EnvironmentProviders,
  type Signal,
} from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import {
  injectAutoRefreshIds,
  injectAutoRefreshItem,
  injectAutoRefreshItems,
  injectAutoRefreshStatus,
} from '@auto-refresh/angular'
import type {
  Driver,
  IdsView,
  ItemView,
  ListView,
  Mounted,
  SelectView,
  StatusView,
} from '@auto-refresh/adapter-suite'
import { VirtualClock } from '@auto-refresh/core/testing'
import { SETUP, ShownText } from './component.ts'
import { hydrate, renderToString } from './server.ts'

/** What a component shows of a view, which may change. */
type Shows<View> = (view: Signal<View>) => () => string

export const item: Shows<ItemView> = (view) => {
  const snapshot = injectAutoRefreshItem(view().cache, () => view().id, {
    get initialItem() {
      return view().initialItem
    },
    get create() {
      return view().create
    },
    enabled: () => view().enabled,
  })
  return () => view().show(snapshot())
}

const selected: Shows<SelectView> = (view) => {
  const { cache, select, equals } = view()
  const value = injectAutoRefreshItem(cache, () => view().id, { select, equals })
  return () => JSON.stringify(value())
}

const list: Shows<ListView> = (view) => {
  const { cache, select, initialItem, create } = view()
  const ids = (): readonly string[] => view().ids
  const options = { initialItem, create, enabled: (): boolean | undefined => view().enabled }
  const shown =
    select === undefined
      ? injectAutoRefreshItems(cache, ids, options)
      : injectAutoRefreshItems(cache, ids, { ...options, select })
  return () => view().show(shown())
}

const allIds: Shows<IdsView> = (view) => {
  const shown = injectAutoRefreshIds(view().cache)
  return () => view().show(shown())
}

const status: Shows<StatusView> = (view) => {
  const shown = injectAutoRefreshStatus(view().cache)
  return () => view().show(shown())
}

/** Lets the cache tell, and Angular draw by its own scheduling, until nothing is left to draw. */
export async function settle(applications: Iterable<ApplicationRef>): Promise<void> {
  // An activity field that is first read makes a second drawing.
  for (let round = 0; round < 3; round++) {
    await new VirtualClock().advance(0)
    await Promise.all([...applications].map((application) => application.whenStable()))
  }
}

/** Angular, each component in an application of its own. */
export function angularDriver(name: string, changeDetection: () => EnvironmentProviders): Driver {
  const applications = new Set<ApplicationRef>()
  const act: Driver['act'] = async (change) => {
    await change()
    await settle(applications)
  }
  async function mount<View>(shows: Shows<View>, first: View): Promise<Mounted<View>> {
    const errors: unknown[] = []
    const view = signal(first)
    let renders = 0
    const setup = (): (() => string) => {
      const draw = shows(view)
      return () => {
        renders += 1
        return draw()
      }
    }
    const application = await createApplication({
      providers: [
        changeDetection(),
        { provide: ErrorHandler, useValue: { handleError: (error: unknown) => errors.push(error) } },
        { provide: SETUP, useValue: setup },
      ],
    })
    const hostElement = document.createElement('div')
    const environmentInjector = application.injector
    application.attachView(createComponent(ShownText, { environmentInjector, hostElement }).hostView)
    applications.add(application)
    await act(() => undefined)
    return {
      text: () => hostElement.textContent,
      renders: () => renders,
      errors: () => errors,
      update: (next) => act(() => view.set(next)),
      unmount: () =>
        act(() => {
          applications.delete(application)
          application.destroy()
        }),
    }
  }
  return {
    name,
    mountItem: (view) => mount(item, view),
    mountSelect: (view) => mount(selected, view),
    mountList: (view) => mount(list, view),
    mountIds: (view) => mount(allIds, view),
    mountStatus: (view) => mount(status, view),
    act,
    renderToString: (view) => renderToString(() => item(signal(view)), changeDetection),
    hydrate: async (container, view) => {
      applications.add(await hydrate(container, view, changeDetection))
    },
  }
}

export const zoneless: () => EnvironmentProviders = provideZonelessChangeDetection
