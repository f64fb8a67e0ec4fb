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
import {
  useAutoRefreshIds,
  useAutoRefreshItem,
  useAutoRefreshItems,
  useAutoRefreshStatus,
  type Shown,
} from '@auto-refresh/lit'
import { html, LitElement, type TemplateResult } from 'lit'

/** The cache tells in a microtask, and Lit draws in another one. */
const drawn = (): Promise<void> => new VirtualClock().advance(0)

interface Given<Initial> {
  readonly initialItem?: Initial
  readonly create?: boolean | undefined
  readonly enabled?: boolean | undefined
}

/** Options that follow a view. */
function optionsOf<Initial>(view: () => Given<Initial>): {
  readonly initialItem: Initial | undefined
  readonly create: boolean | undefined
  readonly enabled: boolean | undefined
} {
  return {
    get initialItem() {
      return view().initialItem
    },
    get create() {
      return view().create
    },
    get enabled() {
      return view().enabled
    },
  }
}

/** An element that shows a view, counts how often, and keeps errors. */
abstract class ViewElement<View> extends LitElement {
  static override properties = { view: { attribute: false } }
  declare view: View
  renders = 0
  readonly errors: unknown[] = []

  /** Made when the view is there. */
  #text: (() => string) | undefined

  protected abstract show(first: View): () => string

  override connectedCallback(): void {
    this.#text ??= this.show(this.view)
    super.connectedCallback()
  }

  /** Lit would reject `updateComplete`. */
  protected override scheduleUpdate(): void {
    try {
      void super.scheduleUpdate()
    } catch (error) {
      this.errors.push(error)
    }
  }

  protected override render(): TemplateResult {
    this.renders += 1
    return html`${this.#text?.()}`
  }
}

class ItemElement extends ViewElement<ItemView> {
  protected override show({ cache }: ItemView): () => string {
    const shown = useAutoRefreshItem(
      this,
      cache,
      () => this.view.id,
      optionsOf(() => this.view),
    )
    return () => this.view.show(shown.value)
  }
}

class SelectElement extends ViewElement<SelectView> {
  protected override show({ cache, select, equals }: SelectView): () => string {
    const shown = useAutoRefreshItem(this, cache, () => this.view.id, { select, equals })
    return () => JSON.stringify(shown.value)
  }
}

class ListElement extends ViewElement<ListView> {
  protected override show({ cache, select }: ListView): () => string {
    const ids = (): readonly string[] => this.view.ids
    const options = optionsOf(() => this.view)
    const shown: Shown<readonly unknown[]> =
      select === undefined
        ? useAutoRefreshItems(this, cache, ids, options)
        : useAutoRefreshItems(this, cache, ids, Object.assign(options, { select }))
    return () => this.view.show(shown.value)
  }
}

class IdsElement extends ViewElement<IdsView> {
  protected override show({ cache }: IdsView): () => string {
    const shown = useAutoRefreshIds(this, cache)
    return () => this.view.show(shown.value)
  }
}

class StatusElement extends ViewElement<StatusView> {
  protected override show({ cache }: StatusView): () => string {
    const shown = useAutoRefreshStatus(this, cache)
    return () => this.view.show(shown.value)
  }
}

customElements.define('test-item', ItemElement)
customElements.define('test-select', SelectElement)
customElements.define('test-list', ListElement)
customElements.define('test-ids', IdsElement)
customElements.define('test-status', StatusElement)

async function mounted<View>(element: ViewElement<View>, view: View): Promise<Mounted<View>> {
  element.view = view
  document.body.append(element)
  await drawn()
  return {
    text: () => element.renderRoot.textContent ?? '',
    renders: () => element.renders,
    errors: () => element.errors,
    update: (next) => {
      element.view = next
      return drawn()
    },
    unmount: () => {
      element.remove()
      return drawn()
    },
  }
}

export const litDriver: Driver = {
  name: 'Lit 3',
  act: async (change) => {
    await change()
    await drawn()
  },
  mountItem: (view) => mounted(new ItemElement(), view),
  mountSelect: (view) => mounted(new SelectElement(), view),
  mountList: (view) => mounted(new ListElement(), view),
  mountIds: (view) => mounted(new IdsElement(), view),
  mountStatus: (view) => mounted(new StatusElement(), view),
}
