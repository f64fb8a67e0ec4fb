import { type AutoRefreshDevtoolsElement, TAG } from './element.ts'
import { Heartbeat } from './heartbeat.ts'
import { type InspectedCaches, targetsOf } from './inspected-caches.ts'
import { Inspection } from './inspection.ts'
import { CSS_TEXT } from './style/css.ts'
import { Panel } from './view/panel.ts'

/** Attributes that change what the panel shows. */
const ATTRIBUTES = ['theme', 'values', 'closable']

/**
 * Defines the element `<auto-refresh-devtools>`, once. Elements that are in the page already come to life.
 *
 * It does nothing on a server, which has no elements.
 */
export function defineDevtools(): void {
  if (typeof customElements === 'undefined' || customElements.get(TAG) !== undefined) return
  customElements.define(TAG, createElementClass())
}

/** Made on demand: a server has no `HTMLElement` to extend, and an unused class leaves nothing in a bundle. */
function createElementClass(): new () => AutoRefreshDevtoolsElement {
  return class extends HTMLElement implements AutoRefreshDevtoolsElement {
    static readonly observedAttributes: readonly string[] = ATTRIBUTES

    readonly #root: ShadowRoot = this.attachShadow({ mode: 'open' })
    readonly #panel: Panel = new Panel({
      areValuesShown: () => this.values,
      setValuesShown: (areShown) => {
        this.values = areShown
      },
      onClose: () => this.dispatchEvent(new Event('close')),
    })
    readonly #heartbeat: Heartbeat = new Heartbeat(() => this.#render())
    readonly #resize: ResizeObserver = new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.#panel.width = entry.contentRect.width
    })
    #caches: InspectedCaches = {}
    #inspections: readonly Inspection[] = []

    get caches(): InspectedCaches {
      return this.#caches
    }

    set caches(caches: InspectedCaches) {
      this.#caches = caches
      if (this.isConnected) this.#inspect()
    }

    get theme(): 'light' | 'dark' | undefined {
      const theme = this.getAttribute('theme')
      return theme === 'light' || theme === 'dark' ? theme : undefined
    }

    set theme(theme: 'light' | 'dark' | undefined) {
      if (theme === undefined) this.removeAttribute('theme')
      else this.setAttribute('theme', theme)
    }

    get values(): boolean {
      return this.hasAttribute('values')
    }

    set values(areShown: boolean) {
      this.toggleAttribute('values', areShown)
    }

    get closable(): boolean {
      return this.hasAttribute('closable')
    }

    set closable(isClosable: boolean) {
      this.toggleAttribute('closable', isClosable)
    }

    connectedCallback(): void {
      this.#adoptEarlierProperties()
      this.#adoptStyle()
      this.#root.replaceChildren(this.#panel.element)
      this.#panel.isClosable = this.closable
      this.#panel.width = this.clientWidth
      this.#resize.observe(this)
      this.#inspect()
      this.#heartbeat.start()
    }

    disconnectedCallback(): void {
      this.#heartbeat.stop()
      this.#resize.disconnect()
      this.#endInspections([])
    }

    attributeChangedCallback(): void {
      this.#panel.isClosable = this.closable
      if (this.isConnected) this.#panel.render()
    }

    /** A page may set properties before the element is defined; they hide those of the class. */
    #adoptEarlierProperties(): void {
      for (const name of ['caches', ...ATTRIBUTES] as const) {
        if (!Object.hasOwn(this, name)) continue
        const value: unknown = Reflect.get(this, name)
        Reflect.deleteProperty(this, name)
        Reflect.set(this, name, value)
      }
    }

    /** A style sheet belongs to one document, and the element may move to another (picture in picture). */
    #adoptStyle(): void {
      const { CSSStyleSheet } = this.ownerDocument.defaultView ?? globalThis
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(CSS_TEXT)
      this.#root.adoptedStyleSheets = [sheet]
    }

    /** Keeps what is known of the caches that stay. */
    #inspect(): void {
      const targets = targetsOf(this.#caches)
      const inspections = targets.map(
        (target) =>
          this.#inspections.find(
            ({ target: { name, cache, simulation } }) =>
              name === target.name && cache === target.cache && simulation === target.simulation,
          ) ?? new Inspection(target),
      )
      this.#endInspections(inspections)
      this.#panel.show(inspections)
      this.#panel.render()
    }

    #endInspections(next: readonly Inspection[]): void {
      for (const inspection of this.#inspections) if (!next.includes(inspection)) inspection.end()
      this.#inspections = next
    }

    /** Returns true if there is more to show. */
    #render(): boolean {
      const isInSight = this.getClientRects().length > 0
      return isInSight && this.#panel.render()
    }
  }
}
