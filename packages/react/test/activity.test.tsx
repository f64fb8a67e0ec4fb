import { runAll, runUntilPaint } from './mock-scheduler.ts'
import { Activity, memo, startTransition, useState, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { InMemoryAutoRefresh, type AutoRefresh } from '@auto-refresh/core'
import { useAutoRefreshItem } from '@auto-refresh/react'
import { expect, it } from 'vitest'

const Step = memo(({ cache }: { readonly cache: AutoRefresh<number> }): ReactElement => {
  return <i>{useAutoRefreshItem(cache, 'a').item}</i>
})

it('A5: what comes out of an Activity shows, in the first frame, what all others show', async () => {
  const cache = new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
  cache.getOrCreate('a', 1)
  let show: ((isShown: boolean) => void) | undefined
  function Page(): ReactElement {
    const [isShown, setShown] = useState(true)
    show = setShown
    return (
      <>
        <Step cache={cache} />
        <Activity mode={isShown ? 'visible' : 'hidden'}>
          <Step cache={cache} />
        </Activity>
      </>
    )
  }
  const container = document.createElement('div')
  const root = createRoot(container)
  root.render(<Page />)
  await runAll()
  expect(container.textContent).toBe('11')
  show?.(false)
  await runAll()
  cache.update('a', 2)
  await runAll()
  startTransition(() => show?.(true))
  await runUntilPaint()
  expect(container.innerHTML).toBe('<i>2</i><i>2</i>')
})
