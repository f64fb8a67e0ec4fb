import type { AutoRefresh } from '@auto-refresh/core'
import type { Follow, States } from './messages.ts'

/** The part of a `MessagePort`, and of a worker's own global scope, that is needed. */
export interface Port {
  onmessage: ((event: MessageEvent) => void) | null
  postMessage(message: unknown): void
}

/** Serves one page: what it follows is created here if it is absent, and told to it whenever it changes. */
export function serve<Item>(jobs: AutoRefresh<Item>, port: Port, initial: Item): void {
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
        const { item } = jobs.getSnapshot(id)
        const states: States<Item> = [item === undefined ? { id, action: 'delete' } : { id, item }]
        port.postMessage(states)
      }
      followed.set(id, jobs.subscribe(id, tell))
      jobs.getOrCreate(id, initial)
      tell()
    }
  }
}
