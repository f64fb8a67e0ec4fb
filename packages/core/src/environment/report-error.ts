/** Hands an error that nobody can catch to the runtime: its `reportError` where it has one, else the console (F7). */
export function reportUncaught(error: unknown): void {
  try {
    if (typeof reportError === 'function') reportError(error)
    else console.error(error)
  } catch {
    // There is nowhere left to report it to, and the cache goes on whatever a reporter does.
  }
}
