import { ensureServer } from './find-server.ts'

/** Installs a server if there is none. */
export default function setup(): void {
  ensureServer()
}
