import 'zone.js'
import { createComponent, NgZone, provideZoneChangeDetection, VERSION } from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { adapterSuite } from '@auto-refresh/adapter-suite'
import { injectAutoRefreshItem } from '@auto-refresh/angular'
import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { VirtualClock } from '@auto-refresh/core/testing'
import { expect, it } from 'vitest'
import { SETUP, ShownText } from './component.ts'
import { angularDriver, settle } from './driver.ts'

adapterSuite(angularDriver(`Angular ${VERSION.full} with zone.js`, provideZoneChangeDetection))

it('A20: no timer and no call of a cache that components run is in the zone of Angular', async () => {
  const clock = new VirtualClock()
  const inZone: boolean[] = []
  const setTimeout = clock.setTimeout.bind(clock)
  clock.setTimeout = (callback, ms) => {
    inZone.push(NgZone.isInAngularZone())
    return setTimeout(callback, ms)
  }
  const cache = new InMemoryAutoRefresh<number>({
    interval: 1000,
    clock,
    sync: (batch) => {
      inZone.push(NgZone.isInAngularZone())
      return batch.map(({ id }) => ({ id, item: 1 }))
    },
  })
  let draws = 0
  const application = await createApplication({
    providers: [
      provideZoneChangeDetection(),
      {
        provide: SETUP,
        useValue: () => {
          const item = injectAutoRefreshItem(cache, () => 'a', { select: (shown) => shown.item })
          return () => {
            draws += 1
            return String(item())
          }
        },
      },
    ],
  })
  let unstable = 0
  const zone = application.injector.get(NgZone)
  zone.run(() => {
    const { injector: environmentInjector } = application
    application.attachView(createComponent(ShownText, { environmentInjector }).hostView)
  })
  await settle([application])
  await clock.advance(0)
  await settle([application])
  const drawn = draws
  zone.onUnstable.subscribe(() => {
    unstable += 1
  })
  await clock.advance(10_000)
  await settle([application])
  expect(cache.stats().syncCalls).toBeGreaterThan(9)
  expect(inZone.length).toBeGreaterThan(10)
  expect(inZone).not.toContain(true)
  expect([draws - drawn, unstable]).toEqual([0, 0])
  application.destroy()
})
