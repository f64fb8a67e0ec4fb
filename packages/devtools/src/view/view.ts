import type { Inspection } from '../inspection.ts'

/** One of the tabs of the panel, for one cache. */
export interface View {
  /** Filters, beside the tabs. */
  readonly toolbar: HTMLElement | undefined
  readonly element: HTMLElement
  /** Shows the present state. Called a few times per second while the view is in sight. */
  render(): void
}

/** A view's access to the panel. */
export interface ViewContext {
  readonly inspection: Inspection
  readonly areValuesShown: () => boolean
  readonly showValues: () => void
  /** Tells a screen reader, and nobody else. */
  readonly announce: (text: string) => void
  /** Renders at once after an action of the user. */
  readonly render: () => void
  readonly openItem: (id: string) => void
}
