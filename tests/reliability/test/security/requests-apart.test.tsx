import { Suspense, use, type ReactElement } from 'react'
import { renderToReadableStream } from 'react-dom/server'
import { InMemoryAutoRefresh, until, type AutoRefresh, type ItemId } from '@auto-refresh/core'
import { useAutoRefreshItem as useReactItem, useAutoRefreshItems as useReactItems } from '@auto-refresh/react'
import { useAutoRefreshItem as useVueItem, useAutoRefreshItems as useVueItems } from '@auto-refresh/vue'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createSSRApp, defineComponent, h } from 'vue'
import { renderToString } from 'vue/server-renderer'

const USERS = 1000
/** All users have items of the same ids, so that shared state would show. */
const IDS: readonly ItemId[] = ['profile', 'job', '__proto__']
/** ms that a part of a page may wait, so that the renders of all users are mixed. */
const LONGEST_WAIT = 50

interface Secret {
  readonly owner: string
}

type Render = (cache: AutoRefresh<Secret>, user: string) => Promise<string>

/** A request: a cache of its own with its own sync function, and a page that is rendered in parts, one after another. */
async function request(user: string, render: Render): Promise<string> {
  const cache = new InMemoryAutoRefresh<Secret>({
    name: user,
    interval: 1000,
    isTerminal: ({ owner }) => owner !== 'nobody',
    async sync(batch) {
      await wait()
      return batch.map(({ id }) => ({ id, item: { owner: user } }))
    },
  }).start()
  for (const id of IDS) cache.getOrCreate(id, { owner: 'nobody' })
  await Promise.all(IDS.map((id) => until(cache, id)))
  const html = await render(cache, user)
  await cache.stop()
  return html
}

function wait(): Promise<void> {
  return sleep(Math.random() * LONGEST_WAIT)
}

function ReactPage({
  cache,
  user,
}: {
  readonly cache: AutoRefresh<Secret>
  readonly user: string
}): ReactElement {
  const waits = IDS.map(wait)
  return (
    <main>
      {IDS.map((id, index) => (
        <Suspense key={id} fallback="…">
          <ReactPart cache={cache} id={id} user={user} ready={waits[index] ?? Promise.resolve()} />
        </Suspense>
      ))}
    </main>
  )
}

interface PartProps {
  readonly cache: AutoRefresh<Secret>
  readonly id: ItemId
  readonly user: string
  readonly ready: Promise<void>
}

function ReactPart({ cache, id, user, ready }: PartProps): ReactElement {
  const { item } = useReactItem(cache, id)
  const { item: initial } = useReactItem(cache, 'absent', { initialItem: { owner: user } })
  use(ready)
  const list = useReactItems(cache, IDS, { select: (snapshot) => snapshot.item?.owner })
  return <p>{[item?.owner, initial?.owner, ...list].join()}</p>
}

async function renderReact(cache: AutoRefresh<Secret>, user: string): Promise<string> {
  const stream = await renderToReadableStream(<ReactPage cache={cache} user={user} />)
  await stream.allReady
  return new Response(stream).text()
}

const VuePart = defineComponent(
  async ({ cache, id, user }: Omit<PartProps, 'ready'>) => {
    const { item } = useVueItem(cache, id)
    const { item: initial } = useVueItem(cache, 'absent', { initialItem: { owner: user } })
    const list = useVueItems(cache, IDS, { select: (snapshot) => snapshot.item?.owner })
    await wait()
    return () => h('p', [item.value?.owner, initial.value?.owner, ...list.value].join())
  },
  { props: ['cache', 'id', 'user'] },
)

function renderVue(cache: AutoRefresh<Secret>, user: string): Promise<string> {
  const page = defineComponent(
    () => () =>
      h(
        'main',
        IDS.map((id) => h(VuePart, { cache, id, user })),
      ),
  )
  return renderToString(createSSRApp(page))
}

it.each([
  ['React', renderReact],
  ['Vue', renderVue],
])('a thousand requests at a time, rendered by %s: nobody sees what is another’s', async (_, render) => {
  const users = Array.from(
    { length: USERS },
    (_unused, index) => `user-${index}-${Math.random().toString(36).slice(2)}`,
  )
  const pages = await Promise.all(users.map((user) => request(user, render)))
  for (const [index, user] of users.entries()) {
    const page = pages[index] ?? ''
    const owners = page.match(/user-\d+-[0-9a-z]+|nobody/g) ?? []
    expect(owners).toHaveLength(IDS.length * (IDS.length + 2))
    expect(new Set(owners)).toEqual(new Set([user]))
  }
})
