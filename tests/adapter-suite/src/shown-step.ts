import type { ItemView } from './driver.ts'

/** Returns the text of the item's status and step. */
export const showStep: ItemView['show'] = ({ status, item }) => `${status} ${item?.step ?? '-'}`
