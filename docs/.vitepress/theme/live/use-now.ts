import { onMounted, onUnmounted, ref, type Ref } from 'vue'

/** The wall clock, epoch ms, four times per second while the component is mounted; 0 on a server. */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    now.value = Date.now()
    timer = setInterval(() => (now.value = Date.now()), 250)
  })
  onUnmounted(() => clearInterval(timer))
  return now
}
