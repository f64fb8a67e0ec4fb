/**
 * The few globals that every runtime has, declared here because the core is compiled with neither the DOM's types nor
 * Node's. Not shipped: an application sees its own runtime's types.
 */

interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

declare function setTimeout(callback: () => void, delay: number): unknown
declare function clearTimeout(handle: unknown): void

declare const performance: { now(): number }

/** These two are not everywhere. */
declare function reportError(error: unknown): void
declare class MessageChannel {
  readonly port1: MessagePort
  readonly port2: MessagePort
}

interface MessagePort {
  onmessage: (() => void) | null
  postMessage(message: undefined): void
  close(): void
}

interface Console {
  error(...data: readonly unknown[]): void
}
declare const console: Console
