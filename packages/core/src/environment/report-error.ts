/**
 * Says that something was thrown which nobody can catch (F7): by the runtime's `reportError`, which pages and workers
 * survive. Where there is a process, as in Deno and Bun, that would end it: there, and where there is none, by the console.
 */
export function reportUncaught(error: unknown): void {
  try {
    if (typeof reportError === 'function' && !hasProcess()) reportError(error)
    else console.error(error)
  } catch {
    // There is nowhere left to report it to, and the cache goes on whatever a reporter does.
  }
}

/** Bundlers put a `process` into pages, too, but none that could end. */
function hasProcess(): boolean {
  const process: unknown = Reflect.get(globalThis, 'process')
  return typeof process === 'object' && process !== null && 'exit' in process
}
