import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/react'
import { createElement, useLayoutEffect, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import type { Framework } from './rows.ts'

export const framework: Framework = {
  mountRows: ({ container, cache, ids, onRender, onCommit }) => {
    function Row({ id }: { readonly id: string }): ReactElement {
      onRender()
      useLayoutEffect(onCommit)
      return createElement('li', null, useAutoRefreshItem(cache, id).item?.progress)
    }
    createRoot(container).render(ids.map((id) => createElement(Row, { key: id, id })))
  },
  mountList: ({ container, cache, ids, onRender, onCommit }) => {
    function List(): readonly ReactElement[] {
      onRender()
      useLayoutEffect(onCommit)
      const list = useAutoRefreshItems(cache, ids)
      return list.map(({ item }, index) => createElement('li', { key: index }, item?.progress))
    }
    createRoot(container).render(createElement(List))
  },
}
