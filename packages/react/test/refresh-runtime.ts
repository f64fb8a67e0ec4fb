import { createRequire } from 'node:module'

/** The part of `react-refresh/runtime` that is used here. */
interface RefreshRuntime {
  injectIntoGlobalHook(global: object): void
  createSignatureFunctionForTransform(): (
    component?: unknown,
    key?: string,
    isForced?: boolean,
    hooks?: () => readonly unknown[],
  ) => unknown
  register(component: unknown, id: string): void
  performReactRefresh(): void
}

/** Import this before React's renderer, which looks for it when it is loaded. */
export const runtime: RefreshRuntime = createRequire(import.meta.url)(
  'react-refresh/runtime',
) as RefreshRuntime
runtime.injectIntoGlobalHook(globalThis)
