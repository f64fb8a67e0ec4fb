import { describe } from 'vitest'
import type { Driver } from './driver.ts'
import { itemCases } from './item-cases.ts'
import { listCases } from './list-cases.ts'
import { randomCases } from './random-cases.ts'
import { selectCases } from './select-cases.ts'

export type { Driver, ItemView, Job, ListView, Mounted, SelectView } from './driver.ts'
export { done, running, world, type World } from './world.ts'

/** Every case that an adapter passes, whatever its framework is. `docs/adapters.md` is the contract. */
export function adapterSuite(driver: Driver): void {
  describe(`On ${driver.name}`, () => {
    itemCases(driver)
    selectCases(driver)
    listCases(driver)
    randomCases(driver, 100)
  })
}
