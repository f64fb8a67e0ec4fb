import type { HydratedView, Job } from '@auto-refresh/adapter-suite'
import { InMemoryAutoRefresh, type ItemSnapshot } from '@auto-refresh/core'
import {
  Component,
  inject,
  InjectionToken,
  signal,
  type ApplicationRef,
  type EnvironmentProviders,
  type Provider,
  type Type,
} from '@angular/core'
import {
  bootstrapApplication,
  createApplication,
  provideClientHydration,
  withIncrementalHydration,
} from '@angular/platform-browser'
import { provideServerRendering, renderApplication } from '@angular/platform-server'
import { injectAutoRefreshItem, injectAutoRefreshItems } from '@auto-refresh/angular'
import { SETUP, ShownText, type Setup } from './component.ts'

/** Renders a component as a server does. Returns what is in its element, and the script with what it transfers. */
export async function render(
  component: Type<unknown>,
  element: string,
  selector: string,
  providers: readonly (Provider | EnvironmentProviders)[],
): Promise<{ readonly host: Element; readonly state: Element | null }> {
  const html = await renderApplication(
    (context) =>
      bootstrapApplication(
        component,
        {
          providers: [
            // In this order: the first sets a global for as long as the page is rendered.
            provideServerRendering(),
            provideClientHydration(withIncrementalHydration()),
            ...providers,
          ],
        },
        context,
      ),
    { document: element, url: '/' },
  )
  const parsed = document.createElement('div')
  parsed.innerHTML = html
  const host = parsed.querySelector(selector)
  if (host === null) throw new Error(`No ${selector} in ${html}`)
  return { host, state: parsed.querySelector('#ng-state') }
}

export async function renderToString(
  setup: Setup,
  changeDetection: () => EnvironmentProviders,
): Promise<string> {
  const { host } = await render(ShownText, '<shown-text></shown-text>', 'shown-text', [
    changeDetection(),
    { provide: SETUP, useValue: setup },
  ])
  return host.textContent
}

export const VIEW: InjectionToken<HydratedView> = new InjectionToken<HydratedView>('view')

const textOf = ({ status, item }: ItemSnapshot<Job>): string => `${status} ${item?.step ?? '-'}`

const One = Component({
  selector: 'b[one]',
  inputs: ['id'],
  host: { '[attr.class]': 'text()', '[title]': 'text()' },
  template: '{{ text() }}',
})(
  class {
    readonly #view = inject(VIEW)
    readonly #id = signal('')
    readonly text = injectAutoRefreshItem(this.#view.cache, this.#id, {
      initialItem: this.#view.initialItem,
      select: textOf,
    })
    set id(id: string) {
      this.#id.set(id)
    }
  },
)

const Page = Component({
  selector: '[page-of]',
  imports: [One],
  template: '<main>@for (id of ids; track id) {<b one [id]="id"></b>}</main>',
})(
  class {
    readonly ids = inject(VIEW).ids
  },
)

const ListPage = Component({
  selector: '[page-of]',
  template:
    '<main>@for (text of texts(); track $index) {<b [attr.class]="text" [title]="text">{{ text }}</b>}</main>',
})(
  class {
    readonly #view = inject(VIEW)
    readonly texts = injectAutoRefreshItems(this.#view.cache, () => this.#view.ids, {
      initialItem: () => this.#view.initialItem,
      select: textOf,
    })
  },
)

/** Its elements have classes, which Angular adds and removes one by one. */
export const ClassPage: Type<unknown> = Component({
  selector: '[page-of]',
  template: '<main>@for (text of texts(); track $index) {<b [class]="text">{{ text }}</b>}</main>',
})(
  class {
    readonly #view = inject(VIEW)
    readonly texts = injectAutoRefreshItems(this.#view.cache, () => this.#view.ids, { select: textOf })
  },
)

/** A server's cache that has what the texts say. */
function cacheOf(texts: readonly string[], ids: readonly string[]): InMemoryAutoRefresh<Job> {
  const cache = new InMemoryAutoRefresh<Job>({ interval: 1000, sync: () => [] })
  for (const [index, id] of ids.entries()) {
    const [status, step] = (texts[index] ?? '').split(' ')
    if (status === 'active') cache.getOrCreate(id, { done: false, step: Number(step) })
  }
  return cache
}

/** Puts Angular's own markup of these texts into the `<main>` that is there, then hydrates it. */
export async function hydrate(
  container: Element,
  view: HydratedView,
  changeDetection: () => EnvironmentProviders,
  component: Type<unknown> = view.isList === true ? ListPage : Page,
): Promise<ApplicationRef> {
  const [main] = container.children
  if (main === undefined) throw new Error('No <main>')
  const texts = [...main.children].map((element) => element.textContent)
  const before = main.innerHTML
  const cache = cacheOf(texts, view.ids)
  const { host, state } = await render(component, '<div page-of></div>', '[page-of]', [
    changeDetection(),
    { provide: VIEW, useValue: { ...view, cache } },
  ])
  const rendered = host.querySelector('main')
  if (rendered === null || state === null) throw new Error(`No page: ${host.outerHTML}`)
  main.replaceChildren(...rendered.childNodes)
  for (const { name, value } of host.attributes) container.setAttribute(name, value)
  document.body.replaceChildren(document.createComment('nghm'), container, state)
  const kept = [...main.children]
  if (kept.length !== texts.length) throw new Error(`Angular wrote ${main.innerHTML} for ${before}`)
  const application = await createApplication({
    providers: [
      provideClientHydration(withIncrementalHydration()),
      changeDetection(),
      { provide: VIEW, useValue: view },
    ],
  })
  application.bootstrap(component)
  await application.whenStable()
  if ([...main.children].some((element, index) => element !== kept[index])) {
    throw new Error('Angular has not taken over the elements')
  }
  return application
}
