import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { act, StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { vi } from 'vitest'

/** A page of React. Time is that of the fake timers; React's own work takes turns of the real event loop. */
export class Page {
  readonly #root
  readonly element = document.createElement('div')

  constructor() {
    this.#root = createRoot(this.element)
  }

  async show(client: QueryClient, children: ReactNode, isStrict = false): Promise<void> {
    const app = <QueryClientProvider client={client}>{children}</QueryClientProvider>
    this.#root.render(isStrict ? <StrictMode>{app}</StrictMode> : app)
    await advancePage(0)
  }

  get text(): string {
    return this.element.textContent
  }

  async end(): Promise<void> {
    this.#root.unmount()
    await advancePage(0)
  }
}

/** Lets time pass, and React render what comes of it. */
export async function advancePage(ms: number): Promise<void> {
  await settlePage()
  await vi.advanceTimersByTimeAsync(ms)
  await settlePage()
}

/**
 * Lets time pass within `act`, because React shows what replaces a fallback at the earliest 300 ms after it, by the real clock,
 * but at once within `act`.
 */
export async function advanceSuspended(ms: number): Promise<void> {
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms + 1)
  })
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', false)
}

async function settlePage(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    // A timer of 0 ms that is set by a timer is due 1 ms later.
    await vi.advanceTimersByTimeAsync(turn === 0 ? 1 : 0)
    await new Promise<void>((resolve) => realSetImmediate(resolve))
  }
}

/** Taken before timers are faked. React's scheduler uses the same one. */
const realSetImmediate = setImmediate
