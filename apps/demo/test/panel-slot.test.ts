import { InMemoryAutoRefresh } from '@auto-refresh/core'
import type { Job } from '@auto-refresh/demo-server/api'
import { expect, it, vi } from 'vitest'
import { ObservedValue } from '../src/observed-value.ts'
import type { MountPanel, PanelContext } from '../src/panels/panel.ts'
import { PanelSlot } from '../src/panels/panel-slot.ts'

const context: PanelContext = {
  cache: new InMemoryAutoRefresh<Job>({ sync: () => [], interval: 1000 }),
  jobIds: new ObservedValue<readonly string[]>([]),
  poisonedIds: new ObservedValue<ReadonlySet<string>>(new Set()),
  actions: { cancel: () => undefined, remove: () => undefined },
}

function makeSlot() {
  const unmount = vi.fn<() => void>()
  const mount = vi.fn<MountPanel>(() => unmount)
  let load: () => void = () => undefined
  const loaded = new Promise<MountPanel>((resolve) => {
    load = () => resolve(mount)
  })
  // There is no DOM here, and the slot hands the element on as it is.
  const slot = new PanelSlot({} as HTMLElement, () => loaded, context)
  return { slot, mount, unmount, load: () => load() }
}

it('mounts and unmounts, once each', async () => {
  const { slot, mount, unmount, load } = makeSlot()
  load()
  await slot.show(true)
  await slot.show(true)
  expect(mount).toHaveBeenCalledOnce()
  await slot.show(false)
  await slot.show(false)
  expect(unmount).toHaveBeenCalledOnce()
  await slot.show(true)
  expect(mount).toHaveBeenCalledTimes(2)
})

it('does not mount what was unmounted while its framework was on its way', async () => {
  const { slot, mount, load } = makeSlot()
  const shown = slot.show(true)
  await slot.show(false)
  load()
  await shown
  expect(mount).not.toHaveBeenCalled()
})

it('mounts once what was asked for twice while its framework was on its way', async () => {
  const { slot, mount, unmount, load } = makeSlot()
  const first = slot.show(true)
  await slot.show(false)
  const second = slot.show(true)
  load()
  await Promise.all([first, second])
  expect(mount).toHaveBeenCalledOnce()
  expect(unmount).not.toHaveBeenCalled()
})
