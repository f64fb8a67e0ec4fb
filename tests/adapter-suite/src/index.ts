import { describe } from 'vitest'
import type { Driver } from './driver.ts'
import { cacheCases } from './cache-cases.ts'
import { createCases } from './create-cases.ts'
import { deletedCases, hydrationCases } from './hydration-cases.ts'
import { itemCases } from './item-cases.ts'
import { listCases } from './list-cases.ts'
import { renderCases } from './render-cases.ts'
import { selectCases } from './select-cases.ts'
import { serverCases } from './server-cases.ts'

export type {
  Driver,
  HydratedView,
  IdsView,
  ItemView,
  Job,
  ListView,
  Mounted,
  SelectView,
  StatusView,
} from './driver.ts'
export {
  marks,
  textOf,
  LISTED,
  type Page,
  type PageDriver,
  type PlacedRow,
  type Row,
  type Urgency,
} from './page.ts'
export { randomCases } from './random-cases.ts'

/** The cases that every adapter passes. The contract is `docs/adapters.md`. */
export function adapterSuite(driver: Driver): void {
  describe(`On ${driver.name}`, () => {
    itemCases(driver)
    createCases(driver)
    const { renderToString, hydrate, isHydrationHidden = false } = driver
    if (renderToString !== undefined) serverCases({ ...driver, renderToString })
    if (hydrate !== undefined) hydrationCases({ ...driver, hydrate })
    if (hydrate !== undefined && !isHydrationHidden) deletedCases({ ...driver, hydrate })
    renderCases(driver)
    selectCases(driver)
    listCases(driver)
    cacheCases(driver)
  })
}
