/** Calls `stop` once, at the first signal that ends a process. */
export function stopAtSignals(stop: () => unknown): void {
  let isStopping = false
  // Ctrl+C under npm arrives twice, from the terminal and from npm. The second signal must not interrupt the stopping.
  const once = (): void => {
    if (!isStopping) stop()
    isStopping = true
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, once)
}
