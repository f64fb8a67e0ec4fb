import { useLayoutEffect, useState } from 'preact/hooks'
import type { ObservedValue } from '../observed-value.ts'

export function useObserved<Value>({ subscribe, get }: ObservedValue<Value>): Value {
  const [value, setValue] = useState<Value>(get)
  useLayoutEffect(() => {
    const follow = (): void => setValue(get)
    // It may have changed since it was drawn.
    follow()
    return subscribe(follow)
  }, [subscribe, get])
  return value
}
