import 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** What the runtime itself says to `--version`. */
    version: string
  }
}
