import type { AutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItems as useItemsInReact } from '@auto-refresh/react'
import { useAutoRefreshItems as useItemsInVue } from '@auto-refresh/vue'
import { createElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { createApp, h } from 'vue'
import type { Job } from '../world/job.ts'

/** One component that shows the length of a list, so that rendering costs little beside the list itself. */
export interface ListOptions {
  readonly container: Element
  readonly cache: AutoRefresh<Job>
  readonly ids: readonly string[]
  readonly onRender: () => void
}

export const LISTS = {
  React({ container, cache, ids, onRender }: ListOptions): void {
    function List(): ReactNode {
      onRender()
      return createElement('p', null, useItemsInReact(cache, ids).length)
    }
    createRoot(container).render(createElement(List))
  },
  Vue({ container, cache, ids, onRender }: ListOptions): void {
    createApp({
      setup() {
        const list = useItemsInVue(cache, ids)
        return () => {
          onRender()
          return h('p', list.value.length)
        }
      },
    }).mount(container)
  },
} as const

export type ListName = keyof typeof LISTS
