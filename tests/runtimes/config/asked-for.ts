/** Returns the runtime that `src/main.ts` started this process for. */
export function askedFor(): { readonly runtime: string; readonly version: string } {
  const { RUNTIME, RUNTIME_VERSION } = process.env
  if (RUNTIME === undefined || RUNTIME_VERSION === undefined) {
    throw new Error('run this by: npm run test:runtimes -- <runtime>')
  }
  return { runtime: RUNTIME, version: RUNTIME_VERSION }
}
