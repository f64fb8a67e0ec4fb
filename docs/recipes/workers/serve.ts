import type { AutoRefresh } from '@auto-refresh/core'
import type { Follow, States } from './messages.ts'

/** The part of a `MessagePort`, and of a worker's own global scope, that is needed. */
export interface Port {
  onmessage: ((event: MessageEvent) => void) | null
  postMessage(message: unknown): void
}

/** Serves one page: an item that it follows is created here if it is absent, and told to it whenever it changes. */
export function serve<Item>(jobs: AutoRefresh<Item>, port: Port): void {
  const followed = new Map<string, () => void>()
  port.onmessage = ({ data }: MessageEvent<Follow>) => {
    const wanted = new Set(data.follow)
    for (const [id, unfollow] of followed) {
      if (wanted.has(id)) continue
      followed.delete(id)
      unfollow()
    }
    for (const id of wanted) {
      if (followed.has(id)) continue
      const tell = (): void => {
        const { status, item } = jobs.getSnapshot(id)
        if (status === 'pending') return
        const states: States<Item> = [status === 'missing' ? { id, action: 'delete' } : { id, item }]
        port.postMessage(states)
      }
      // The item belongs to the pages that follow it.
      followed.set(id, jobs.subscribe(id, tell, { create: true }))
      tell()
    }
  }
}
