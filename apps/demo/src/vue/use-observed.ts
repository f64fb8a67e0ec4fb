import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { ObservedValue } from '../observed-value.ts'

export function useObserved<Value>({ subscribe, get }: ObservedValue<Value>): Readonly<ShallowRef<Value>> {
  const value: ShallowRef<Value> = shallowRef(get())
  onScopeDispose(subscribe(() => (value.value = get())))
  return value
}
