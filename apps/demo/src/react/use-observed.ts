import { useSyncExternalStore } from 'react'
import type { ObservedValue } from '../observed-value.ts'

export function useObserved<Value>({ subscribe, get }: ObservedValue<Value>): Value {
  return useSyncExternalStore(subscribe, get)
}
