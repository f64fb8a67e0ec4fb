import { describe } from 'vitest'
import type { Driver } from './driver.ts'
import { itemCases } from './item-cases.ts'
import { listCases } from './list-cases.ts'
import { renderCases } from './render-cases.ts'
import { selectCases } from './select-cases.ts'

export type { Driver, ItemView, Job, ListView, Mounted, SelectView } from './driver.ts'
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

/** Every case that an adapter passes, whatever its framework is. `docs/adapters.md` is the contract. */
export function adapterSuite(driver: Driver): void {
  describe(`On ${driver.name}`, () => {
    itemCases(driver)
    renderCases(driver)
    selectCases(driver)
    listCases(driver)
  })
}
