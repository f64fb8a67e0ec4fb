import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/preact'
import { Fragment, h, render, type VNode } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import type { Framework } from './rows.ts'

export const framework: Framework = {
  mountRows: ({ container, cache, ids, onRender, onCommit }) => {
    function Row({ id }: { readonly id: string }): VNode {
      onRender()
      useLayoutEffect(onCommit)
      return h('li', null, useAutoRefreshItem(cache, id).item?.progress)
    }
    render(
      ids.map((id) => h(Row, { key: id, id })),
      container,
    )
  },
  mountList: ({ container, cache, ids, onRender, onCommit }) => {
    function List(): VNode {
      onRender()
      useLayoutEffect(onCommit)
      const list = useAutoRefreshItems(cache, ids)
      return h(
        Fragment,
        null,
        list.map(({ item }, index) => h('li', { key: index }, item?.progress)),
      )
    }
    render(h(List, null), container)
  },
}
