import { InMemoryAutoRefresh } from '@auto-refresh/core'
import { expect, it } from 'vitest'
import { defineDevtools, devtoolsPlugin, simulate } from '../src/index.ts'

it('can be imported on a server, where it defines no element', () => {
  expect(typeof Reflect.get(globalThis, 'customElements')).toBe('undefined')
  defineDevtools()
  const { simulation } = simulate<number>({ interval: 1000, sync: () => [] })
  expect(simulation.faults.offline).toBe(false)
})

it('the plugin has the form that TanStack Devtools asks for, and does nothing before it is rendered', () => {
  const cache = new InMemoryAutoRefresh<number>({ interval: 1000, sync: () => [] })
  const plugin = devtoolsPlugin({ numbers: cache })
  expect(plugin).toMatchObject({ id: 'auto-refresh', name: 'Auto-refresh' })
  expect([typeof plugin.render, typeof plugin.destroy]).toEqual(['function', 'function'])
  plugin.destroy()
})
