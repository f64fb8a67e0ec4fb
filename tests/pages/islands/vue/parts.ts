import type { InMemoryAutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem, useAutoRefreshItems } from '@auto-refresh/vue'
import { defineComponent, h, type Component } from 'vue'
import { FIRST, type Job } from '../jobs'

export function headerOf(jobs: InMemoryAutoRefresh<Job>): Component {
  return defineComponent(() => {
    const { item } = useAutoRefreshItem(jobs, 'initial', { initialItem: FIRST })
    const carried = useAutoRefreshItem(jobs, 'carried')
    return () => h('h1', { class: item.value?.state, title: carried.item.value?.state }, item.value?.state)
  })
}

function badgeOf(jobs: InMemoryAutoRefresh<Job>, id: string, initialItem?: Job): Component {
  return defineComponent(() => {
    const { status, item } = useAutoRefreshItem(jobs, id, { initialItem })
    return () =>
      h('p', { class: item.value?.state, title: status.value }, [
        h('b', item.value?.state),
        h('progress', { max: 1, value: item.value?.state === 'done' ? 1 : 0 }),
        h('button', { disabled: item.value?.state !== 'done' }, item.value?.state),
      ])
  })
}

export function lateOf(jobs: InMemoryAutoRefresh<Job>): Component {
  const badges = [badgeOf(jobs, 'initial', FIRST), badgeOf(jobs, 'carried')]
  return defineComponent(() => {
    const list = useAutoRefreshItems(jobs, ['carried'])
    return () =>
      h('section', [
        ...badges.map((badge) => h(badge)),
        h('ul', { title: list.value[0]?.item?.state }, list.value[0]?.item?.state),
      ])
  })
}

/** The late part is below what can be seen. */
export function pageOf(header: Component, late: Component): Component {
  return () => h('main', [h(header), h('div', { style: 'height:3000px' }), h(late)])
}
