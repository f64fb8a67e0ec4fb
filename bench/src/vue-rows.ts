import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/vue'
import { createApp, defineComponent, h, onUpdated } from 'vue'
import type { Framework } from './rows.ts'

export const framework: Framework = {
  mountRows: ({ container, cache, ids, onRender, onCommit }) => {
    const Row = defineComponent(
      ({ id }: { readonly id: string }) => {
        const { item } = useAutoRefreshItem(cache, id)
        onUpdated(onCommit)
        return () => {
          onRender()
          return h('li', item.value?.progress)
        }
      },
      { props: ['id'] },
    )
    createApp(defineComponent(() => () => ids.map((id) => h(Row, { key: id, id })))).mount(container)
  },
  mountList: ({ container, cache, ids, onRender, onCommit }) => {
    const List = defineComponent(() => {
      const list = useAutoRefreshItems(cache, ids)
      onUpdated(onCommit)
      return () => {
        onRender()
        return list.value.map(({ item }, index) => h('li', { key: index }, item?.progress))
      }
    })
    createApp(List).mount(container)
  },
}
