import type { PageDriver, PlacedRow } from '@auto-refresh/adapter-suite'
import { VirtualClock } from '@auto-refresh/core/testing'
import { mount, unmount } from 'svelte'
import Page from './views/Page.svelte'

/** Svelte: it draws in a microtask; when, is all the scheduling there is. */
export function sveltePageDriver(name: string): PageDriver {
  return {
    name,
    mountPage: async (cache) => {
      const container = document.createElement('div')
      let rows = $state.raw<readonly PlacedRow[]>([])
      const app = mount(Page, {
        target: container,
        props: {
          cache,
          get rows() {
            return rows
          },
        },
      })
      const work = (): Promise<void> => new VirtualClock().advance(0)
      await work()
      return {
        container,
        draw: (placed) => {
          rows = placed
        },
        work,
        settle: work,
        unmount: async () => {
          await unmount(app)
          await work()
        },
      }
    },
  }
}
