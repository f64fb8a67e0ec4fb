import type { ItemView } from './driver.ts'

/** Shows the item's status and how far it is. */
export const showStep: ItemView['show'] = ({ status, item }) => `${status} ${item?.step ?? '-'}`
