import { ChangeDetectionStrategy, Component, inject, InjectionToken } from '@angular/core'

/** What a component shows: runs in its constructor, and returns a function that its template calls. */
export type Setup = () => () => string

export const SETUP: InjectionToken<Setup> = new InjectionToken<Setup>('setup')

const decorate = Component({
  selector: 'shown-text',
  template: '{{ draw() }}',
  changeDetection: ChangeDetectionStrategy.OnPush,
})

/** A component that shows a text. Decorators are called as functions, because types are erased and nothing else is compiled. */
export const ShownText = decorate(
  class {
    readonly draw: () => string = inject(SETUP)()
  },
)
