/** An item for which `serialize` threw, or gave nothing. Only the leader's own front can have it, because it crosses in no way (K12). */
export class Formless<Item> {
  readonly item: Item
  /** Why it has no form. */
  readonly why: string
  /** A function that throws: neither structured clone nor JSON takes it. */
  readonly toJSON: () => never = () => {
    throw new TypeError('the item has no form that can cross')
  }

  constructor(item: Item, why: string) {
    this.item = item
    this.why = why
  }
}
