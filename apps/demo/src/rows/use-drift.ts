import { useEffect, type RefObject } from 'react'

/** Pixels a second: some thirty rows, too fast to read, and slow enough to see each stutter. */
const SPEED = 1000

/** Scrolls the element by itself, to its end and back. */
export function useDrift(scroller: RefObject<HTMLElement | null>, isDrifting: boolean): void {
  useEffect(() => {
    const element = scroller.current
    if (!isDrifting || element === null) return undefined
    let direction = 1
    let previous = performance.now()
    let request = requestAnimationFrame(function move(now) {
      const most = element.scrollHeight - element.clientHeight
      if (element.scrollTop >= most - 1) direction = -1
      if (element.scrollTop <= 0) direction = 1
      element.scrollTop += direction * SPEED * ((now - previous) / 1000)
      previous = now
      request = requestAnimationFrame(move)
    })
    return () => cancelAnimationFrame(request)
  }, [scroller, isDrifting])
}
