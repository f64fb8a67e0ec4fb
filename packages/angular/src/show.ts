import { afterRenderEffect, computed, DestroyRef, ElementRef, inject, Injector } from '@angular/core'
import { makeStateKey, signal, TransferState, untracked, type Signal } from '@angular/core'
import type { Observer } from '@auto-refresh/core/adapter'
import type { InjectorOptions } from './options.ts'

/** There only if a server rendered the page, and Angular hydrates it. */
const SERVED = makeStateKey<unknown>('__nghData__')

/**
 * Returns a signal of what an observer shows of its target. It is attached from the first rendering until the injector is
 * destroyed. If it hydrates, the first rendering shows what the server knew, because Angular does not compare the markup that
 * it hydrates, and would leave a class there that it has not set itself.
 */
export function show<Target, Value>(
  observer: Observer<Target, Value>,
  target: () => Target,
  { injector = inject(Injector) }: InjectorOptions = {},
): Signal<Value> {
  const changes = signal(mayHydrate(injector) ? 0 : 1)
  const tell = (): void => changes.update((count) => count + 1)
  injector.get(DestroyRef).onDestroy(observer.listen(tell))
  const attach = (next: Target): void => {
    tell()
    observer.attach(next)
  }
  // Never on a server, and outside of NgZone, so that no timer of the cache makes zone.js detect changes.
  afterRenderEffect(() => untracked(attach.bind(undefined, target())), { injector })
  return computed(() => observer[changes() === 0 ? 'readInitial' : 'read'](target()))
}

/** False in a page that no server rendered, and in an element that Angular has just made: it is empty yet. */
function mayHydrate(injector: Injector): boolean {
  const host = injector.get<ElementRef<Node> | null>(ElementRef, null)
  return injector.get(TransferState).hasKey(SERVED) && host?.nativeElement.firstChild !== null
}
