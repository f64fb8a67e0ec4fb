// A life of a cache, in a program whose intrinsics are frozen before it begins: what it says of itself, as JSON.
// `freeze` as an argument freezes them here; else the process was told to.
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_INTERVAL = 5

if (process.argv[2] === 'freeze') freezeIntrinsics()
const frozen = [Object, Array, Map, Set, Promise, Error].map(({ prototype }) => Object.isFrozen(prototype))
const { InMemoryAutoRefresh, lru, until, watch } = await import('@auto-refresh/core')
const { ItemObserver } = await import('@auto-refresh/core/adapter')

/** @type {'steps' | 'hangs' | 'throws' | 'ends'} */
let source = 'steps'
const reasons = []
const cache = new InMemoryAutoRefresh({
  interval: 10,
  timeout: 40,
  retry: { maxDelay: 20 },
  policies: [lru(10)],
  isTerminal: ({ isOver }) => isOver,
  sync(batch, { signal }) {
    if (source === 'throws') throw new Error('out of order')
    if (source === 'hangs') {
      return new Promise(() => signal.addEventListener('abort', () => reasons.push(signal.reason.name)))
    }
    return batch.map(({ id, item }) => ({
      id,
      item: { step: (item?.step ?? 0) + 1, isOver: source === 'ends' },
    }))
  },
})
const events = new Set()
cache.onEvent(({ type }) => events.add(type))
cache.start()
let told = 0
cache.subscribe('a', () => {
  told += 1
})
cache.getOrCreate('a', { step: 0, isOver: false })
for (let index = 0; index < 10; index++) cache.getOrCreate(`evicted-${index}`, { step: 0, isOver: false })
const observer = new ItemObserver()
observer.listen(() => undefined)
observer.attach({ cache, id: 'a', enabled: true })

await turned(() => told > 1)
source = 'hangs'
await turned(() => reasons.length > 1 && cache.getSnapshot('a').error?.code === 'TIMEOUT')
source = 'throws'
await turned(() => cache.getSnapshot('a').error?.message === 'out of order')
// All are isolated now. A new item that fails more than a second after the last success begins an outage (F6).
await sleep(1000)
cache.getOrCreate('late', { step: 0, isOver: false })
await turned(() => cache.getStatus().isOutage)
source = 'steps'
await turned(() => cache.getSnapshot('a').error === undefined)
cache.update('a', { step: -100, isOver: false })
await turned(() => cache.get('a').step > -100)
const seen = []
const watched = (async () => {
  for await (const { step } of watch(cache, 'a')) seen.push(step)
})()
const refreshed = cache.refresh('a').then(() => 'refreshed')
const ended = until(cache, 'a')
source = 'ends'
const { isOver } = await ended
await watched
const notFound = await until(cache, 'nobody').catch(({ name, code }) => `${name} ${code}`)
const result = { frozen, reasons: [...new Set(reasons)], isOver, notFound, refreshed: await refreshed }
await cache.stop()
console.log(JSON.stringify({ ...result, hasSeen: seen.length > 0, events: [...events].sort() }))

async function turned(isSo) {
  while (!isSo()) await sleep(POLL_INTERVAL)
}

/** Every object that can be reached from the language's globals, by any way. */
function freezeIntrinsics() {
  const iterators = [[][Symbol.iterator](), new Map().keys(), new Set().keys(), ''[Symbol.iterator]()]
  const functions = [async () => undefined, function* () {}, async function* () {}]
  const seenObjects = new Set([globalThis, process, console])
  const freeze = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return
    if (seenObjects.has(value)) return
    seenObjects.add(value)
    Object.freeze(value)
    freeze(Object.getPrototypeOf(value))
    for (const key of Reflect.ownKeys(value)) {
      Object.values(Object.getOwnPropertyDescriptor(value, key)).forEach(freeze)
    }
  }
  for (const each of [...iterators, ...functions]) freeze(each)
  // The language's own are not enumerable; the platform's are, or can be found by name.
  const platform = [
    'AbortController',
    'AbortSignal',
    'EventTarget',
    'Event',
    'queueMicrotask',
    'setTimeout',
    'clearTimeout',
  ]
  for (const name of [...Object.getOwnPropertyNames(globalThis).filter(isOfLanguage), ...platform])
    freeze(globalThis[name])
}

function isOfLanguage(name) {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name)
  return (
    'value' in descriptor &&
    !descriptor.enumerable &&
    name !== 'globalThis' &&
    name !== 'process' &&
    name !== 'Buffer'
  )
}
