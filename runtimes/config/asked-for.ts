/** Which runtime this must be, by who started it: nothing here looks around for it. */
export function askedFor(): { readonly runtime: string; readonly version: string } {
  const { RUNTIME, RUNTIME_VERSION } = process.env
  if (RUNTIME === undefined || RUNTIME_VERSION === undefined) {
    throw new Error('npm run test:runtimes -- <runtime> starts this')
  }
  return { runtime: RUNTIME, version: RUNTIME_VERSION }
}
