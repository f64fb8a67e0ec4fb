import type { Op } from '../script.ts'
import type { Subject } from '../subject.ts'
import { codeOf } from '../world/call.ts'
import type { World } from '../world/world.ts'

/** O3: inside a question every method but the reads throws REENTRANT at once, and changes nothing. */
export function forbidden(world: World, op: Op, subject: Subject): void {
  const run = methodOf(world, op, subject)
  if (run === undefined) return
  let code: unknown = 'nothing'
  try {
    const promise: unknown = run()
    // A method that wrongly returns a promise must not add an unhandled rejection to that.
    if (promise instanceof Promise) promise.catch(() => undefined)
  } catch (error) {
    code = codeOf(error)
  }
  world.check(
    code === 'REENTRANT',
    'O3',
    () => `${op.op} inside a question threw ${String(code)}, not REENTRANT`,
  )
}

/** The method of an op; undefined for reads, and for what is not the cache's. */
function methodOf({ cache }: World, op: Op, subject: Subject): (() => unknown) | undefined {
  switch (op.op) {
    case 'start':
      return () => cache.start()
    case 'stop':
      return () => cache.stop()
    case 'retain':
      return () => cache.retain()
    case 'pause':
      return () => cache.pause()
    case 'resume':
      return () => cache.resume()
    case 'clear':
      return () => cache.clear()
    case 'refreshAll':
      return () => cache.refreshAll()
    case 'create':
      return () => cache.getOrCreate(op.id)
    case 'update':
      return () => cache.update(op.id, { id: op.id, v: -2, by: 'app' })
    case 'delete':
      return () => cache.delete(op.id)
    case 'deleteDelayed':
      return () => cache.deleteDelayed(op.id)
    case 'refresh':
      return () => cache.refresh(op.id)
    case 'hold':
      return () => cache.hold(op.id)
    case 'subscribe':
      return () => cache.subscribe(op.id, () => undefined)
    case 'ingest':
      return () => cache.ingest([])
    case 'interval':
      return () => cache.setOptions({ interval: op.ms })
    case 'adopt':
      return () => subject.adopt(cache, [])
    case 'listenAll':
      return () => cache.subscribeIds(() => undefined)
    case 'get':
      cache.get(op.id)
      return undefined
    case 'inProcessing':
      cache.inProcessing(op.id)
      return undefined
    case 'reads':
      cache.stats()
      cache.getStatus()
      return undefined
    default:
      return undefined
  }
}
