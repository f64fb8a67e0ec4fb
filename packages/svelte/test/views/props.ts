/** What the suite gives to a component. */
export interface Props<View> {
  readonly view: View
  readonly onRender: () => void
}

interface Options<Initial> {
  readonly initialItem: Initial
  readonly create: boolean | undefined
  readonly enabled: boolean | undefined
}

interface Given<Initial> {
  readonly initialItem?: Initial
  readonly create?: boolean | undefined
  readonly enabled?: boolean | undefined
}

/** Options that follow a view. */
export function optionsOf<Initial>(view: () => Given<Initial>): Options<Initial | undefined> {
  return {
    get initialItem() {
      return view().initialItem
    },
    get create() {
      return view().create
    },
    get enabled() {
      return view().enabled
    },
  }
}
